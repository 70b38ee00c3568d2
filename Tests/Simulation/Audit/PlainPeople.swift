// Who is what and belongs where, entry by entry: from what was signed and applied, and compared with what was written. Nothing
// here comes from the rules.
import ReviewModel
import Storage
import Trust

/// The members with their roles, the campaigns with their members, and which campaign each subject is of.
struct PlainPeople {
  private struct Campaign: Equatable {
    var includesEveryone: Bool
    var members: Set<MemberID>
  }

  /// The key that signed the first entry: the server's own word is nobody's.
  private(set) var serverDevice: Digest?
  private var roles: [MemberID: Set<Role>] = [:]
  private var removed: Set<MemberID> = []
  private var campaigns: [CampaignID: Campaign] = [:]
  private var subjects: [SubjectID: CampaignID] = [:]

  // MARK: Asking

  /// Nothing for whoever is not known, or no longer a member.
  func roles(of member: MemberID) -> Set<Role> { removed.contains(member) ? [] : roles[member] ?? [] }

  /// Nil if nobody has seen where the subject came in.
  func campaign(of subject: SubjectID) -> CampaignID? { subjects[subject] }

  /// Admins belong to every campaign, the others to those that are for everybody or name them.
  func belongs(_ member: MemberID, to id: CampaignID) -> Bool {
    let roles = roles(of: member)
    guard !roles.isEmpty, let campaign = campaigns[id] else { return false }
    return roles.contains(.admin) || campaign.includesEveryone || campaign.members.contains(member)
  }

  // MARK: Entries

  mutating func note(_ mutation: Mutation, _ outcome: Outcome) {
    guard outcome.countsByItself else { return }
    switch mutation {
    case .createTenant(let body): serverDevice = body.serverKey.fingerprint
    case .inviteMember(let body):
      // A further device for somebody who is there changes nothing about them.
      if roles[body.member] == nil { roles[body.member] = Set(body.roles) }
    case .setRoles(let body): roles[body.member] = Set(body.roles)
    case .createCampaign(let body):
      campaigns[body.campaign] = Campaign(includesEveryone: body.includesEveryone, members: Set(body.members))
    case .setCampaignMembers(let body):
      campaigns[body.campaign] = Campaign(includesEveryone: body.includesEveryone, members: Set(body.members))
    case .createDocument(let body): subjects[body.subject] = body.campaign
    case .createItem(let body):
      for post in body.item.posts { subjects[post.subject] = body.campaign }
    default: return
    }
  }

  // MARK: Writes

  /// An entity at the end of a commit: it must be as was said.
  mutating func note(_ write: EntityWrite) throws {
    guard let payload = write.payload else { return }
    switch write.key.kind {
    case .member:
      let member = try MemberEntity(canonical: payload)
      guard roles[member.id] == Set(member.roles) else {
        throw Violation(.roleMissing, "member \(member.id) has the roles \(member.roles), which nobody gave")
      }
      if member.isRemoved { removed.insert(member.id) }
    case .campaign:
      let campaign = try CampaignEntity(canonical: payload)
      let written = Campaign(includesEveryone: campaign.includesEveryone, members: Set(campaign.members))
      guard campaigns[campaign.id] == written else {
        throw Violation(.shownToMany, "campaign \(campaign.id) is for others than was said")
      }
    case .subject:
      let subject = try SubjectEntity(canonical: payload)
      subjects[subject.id] = subject.campaign
    default: return
    }
  }
}

extension Outcome {
  /// Whether any of it counts, and not as the repeat of another entry.
  var countsByItself: Bool { targets.indices.contains { countsByItself(at: $0) } }

  func countsByItself(at place: Int) -> Bool {
    guard duplicateOf == nil, targets.indices.contains(place) else { return false }
    return targets[place].status == .applied || targets[place].status == .staged
  }
}
