// Reading what mutations name: entities by their type, and only what the acting member may see.
import ReviewModel
import Trust

/// A subject with its scope and the campaign it belongs to, seen by somebody who may.
struct VisibleSubject {
  var value: SubjectEntity
  var scope: Scope
  var campaign: CampaignEntity

  /// Where what everybody concerned may see is written.
  var isInternal: Bool { scope == .campaignInternal(value.campaign) }
}

extension Attempt {
  mutating func tenant() throws(Halt) -> TenantEntity {
    guard case .tenant(let value) = try entity(.tenant(context.tenant))?.value else { throw .refused(.notFound) }
    touch(.tenant(value.id))
    return value
  }

  mutating func member(_ id: MemberID) throws(Halt) -> MemberEntity? {
    guard case .member(let value) = try entity(.member(id))?.value else { return nil }
    return value
  }

  mutating func device(_ id: Digest) throws(Halt) -> DeviceEntity? {
    guard case .device(let value) = try entity(.device(id))?.value else { return nil }
    return value
  }

  mutating func revision(_ digest: Digest) throws(Halt) -> (value: RevisionEntity, scope: Scope)? {
    guard let entity = try entity(.revision(digest)), case .revision(let value) = entity.value else { return nil }
    return (value, entity.scope)
  }

  mutating func draft(_ subject: SubjectID) throws(Halt) -> DraftEntity? {
    guard case .draft(let value) = try entity(.draft(subject))?.value else { return nil }
    return value
  }

  mutating func decision(_ id: DecisionID) throws(Halt) -> DecisionEntity? {
    guard case .decision(let value) = try entity(.decision(id))?.value else { return nil }
    return value
  }

  // MARK: What the member may see

  /// `notFound` for what does not exist and for what the member may not see: a refusal does not tell which.
  mutating func visibleCampaign(_ id: CampaignID) throws(Halt) -> CampaignEntity {
    guard case .campaign(let value) = try entity(.campaign(id))?.value, Visibility.canRead(.campaign(id), member, value)
    else { throw .refused(.notFound) }
    touch(.campaign(id))
    return value
  }

  mutating func visibleSubject(_ id: SubjectID) throws(Halt) -> VisibleSubject {
    guard let found = try entity(.subject(id)), case .subject(let value) = found.value,
      case .campaign(let campaign) = try entity(.campaign(value.campaign))?.value,
      Visibility.canRead(found.scope, member, campaign)
    else { throw .refused(.notFound) }
    touch(.subject(id))
    touch(.campaign(campaign.id))
    return VisibleSubject(value: value, scope: found.scope, campaign: campaign)
  }

  /// Every visible one of these is of the same campaign, none is named twice, and there are as many as one mutation may name.
  mutating func requireOneCampaign(_ subjects: [SubjectID]) throws(Halt) {
    guard !subjects.isEmpty else { throw .refused(.malformed) }
    guard subjects.count <= RuleLimits.targets else { throw .refused(.tooManyTargets) }
    guard Set(subjects).count == subjects.count else { throw .refused(.malformed) }
    try require(subjects.map { .subject($0) })
    var campaigns: Set<CampaignID> = []
    for subject in subjects {
      do {
        campaigns.insert(try visibleSubject(subject).campaign.id)
      } catch {
        // What cannot be seen is refused by itself, later; what must still be loaded is noted.
        continue
      }
    }
    guard campaigns.count <= 1 else { throw .refused(.mixedCampaigns) }
  }

  // MARK: What the member may do

  mutating func requireRole(_ roles: Role...) throws(Halt) {
    guard member.roles.contains(where: { roles.contains($0) }) else { throw .refused(.notPermitted) }
  }

  func has(_ role: Role) -> Bool { member.roles.contains(role) }
}
