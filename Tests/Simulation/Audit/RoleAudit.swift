// Whether whoever has changed something was allowed to: the table of who may do what, and who belongs to which campaign, by
// what is known at that entry. Only what follows from roles and membership alone is looked at.
import ReviewModel
import Trust

enum RoleAudit {
  static func check(
    _ mutation: Mutation, _ outcome: Outcome, by member: MemberID, on device: Digest, _ people: PlainPeople
  ) throws {
    guard outcome.countsByItself, device != people.serverDevice else { return }
    let roles = people.roles(of: member)
    // What a service may do depends on which one it is.
    guard !roles.contains(.service) else { return }
    if let permitted = allowed(mutation), roles.isDisjoint(with: permitted) {
      let held = roles.map(\.name).sorted()
      throw Violation(.roleMissing, "\(name(of: mutation)) by member \(member) counts, who is \(held)")
    }
    for campaign in campaigns(of: mutation, outcome, people) where !people.belongs(member, to: campaign) {
      throw Violation(.roleMissing, "\(name(of: mutation)) by member \(member) counts, who is not of campaign \(campaign)")
    }
  }

  /// Who may; nil where it depends on more than roles:
  /// - `enrolDevice` and `nameRoot` rest on signatures, `revokeDevice` on whose device it is;
  /// - `withdrawDecision` and `editComment` are for who said it, and for admins under conditions;
  /// - remarks are for everybody who may read, `resolveThread`, `assignReviewer` and `delegate` are in no row of the table;
  /// - `resume` is looked at where pauses are.
  private static func allowed(_ mutation: Mutation) -> Set<Role>? {
    switch mutation {
    case .createItem, .createDocument, .stageBatch, .importBatch, .revise, .merge, .submit, .withdraw: return [.admin, .editor]
    // Content for one reading of the table, members for the other: an editor may by the first.
    case .createCampaign, .setCampaignMembers: return [.admin, .editor]
    case .decide: return [.reviewer]
    case .pause: return [.admin, .editor, .reviewer]
    case .inviteMember, .vouchDevice, .setRoles, .setPolicy, .erase: return [.admin]
    // Those who may read it.
    case .comment(let body): return body.isInternal ? [.admin, .editor] : nil
    case .createTenant, .nameRoot, .enrolDevice, .revokeDevice, .withdrawDecision, .editComment, .resolveThread,
      .assignReviewer, .delegate, .resume:
      return nil
    }
  }

  /// The campaigns in which it counts; not those of subjects that an import has brought in the same commit.
  private static func campaigns(of mutation: Mutation, _ outcome: Outcome, _ people: PlainPeople) -> Set<CampaignID> {
    switch mutation {
    case .setCampaignMembers(let body): return [body.campaign]
    case .createItem(let body): return [body.campaign]
    case .createDocument(let body): return [body.campaign]
    case .importBatch(let body): return [body.campaign]
    default:
      let counting = subjects(of: mutation).enumerated().filter { outcome.countsByItself(at: $0.offset) }
      return Set(counting.compactMap { people.campaign(of: $0.element) })
    }
  }

  /// In the order of the targets.
  private static func subjects(of mutation: Mutation) -> [SubjectID] {
    switch mutation {
    case .revise(let body): [body.subject]
    case .merge(let body): [body.subject]
    case .withdrawDecision(let body): [body.subject]
    case .comment(let body): [body.subject]
    case .assignReviewer(let body): [body.subject]
    case .submit(let body): body.targets.map(\.subject)
    case .decide(let body): body.targets.map(\.subject)
    case .withdraw(let body): body.subjects
    case .delegate(let body): body.subjects
    default: []
    }
  }

  private static func name(of mutation: Mutation) -> String {
    String(String(describing: mutation).prefix(while: { $0 != "(" }))
  }
}
