// Removing words for good: what was decided about them, and the proof of it, stay.
import ReviewModel
import Trust

extension Rules {
  static func erase(_ body: Erase, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    try attempt.requireRole(.admin)
    guard !body.targets.isEmpty else { throw .refused(.malformed) }
    guard body.targets.count <= RuleLimits.targets else { throw .refused(.tooManyTargets) }
    if try attempt.parts.reason(body.reason).isBlank { throw .refused(.reasonRequired) }
    try requireOnePlace(body.targets.map(\.key), &attempt)
    return attempt.each(body.targets) { (attempt: inout Attempt, target: ErasureTarget) throws(Halt) -> TargetOutcome in
      let found = try erasable(target.key, &attempt)
      if case .revision(let revision) = found.entity.value { try requireNotCurrent(revision, &attempt) }
      let value = found.entity.value
      guard value.hasWords || value.isErased, !attempt.wasErased(value, refusedAs: .nothingChanged) else {
        throw .refused(.nothingChanged)
      }
      attempt.eraseWords(of: found.entity)
      return TargetOutcome(status: .applied)
    }
  }

  private struct Erasable {
    var entity: Entity
    /// Nil for what belongs to the tenant as a whole.
    var campaign: CampaignID?
  }

  /// All of one campaign, or all of none; what cannot be seen is refused by itself, later.
  private static func requireOnePlace(_ keys: [EntityKey], _ attempt: inout Attempt) throws(Halt) {
    try attempt.require(keys)
    var places: Set<CampaignID?> = []
    for key in keys {
      do {
        places.insert(try erasable(key, &attempt).campaign)
      } catch {
        continue
      }
    }
    guard places.count <= 1 else { throw .refused(.mixedCampaigns) }
  }

  private static func erasable(_ key: EntityKey, _ attempt: inout Attempt) throws(Halt) -> Erasable {
    guard let entity = try attempt.entity(key) else { throw .refused(.notFound) }
    let campaign: CampaignID? =
      switch entity.value {
      case .campaign(let value): try attempt.visibleCampaign(value.id).id
      case .item(let value): try attempt.visibleCampaign(value.campaign).id
      case .subject(let value): try attempt.visibleSubject(value.id).campaign.id
      case .revision(let value): try attempt.visibleSubject(value.subject).campaign.id
      case .decision(let value): try attempt.visibleSubject(value.subject).campaign.id
      case .comment(let value): try attempt.visibleSubject(value.subject).campaign.id
      case .member, .device, .pause: nil
      case .tenant, .invitation, .draft, .thread, .batch, .stage: throw .refused(.notFound)
      }
    return Erasable(entity: entity, campaign: campaign)
  }

  /// What reviewers decide on now, or an editor works on, is withdrawn first.
  private static func requireNotCurrent(_ revision: RevisionEntity, _ attempt: inout Attempt) throws(Halt) {
    let subject = try attempt.visibleSubject(revision.subject).value
    guard subject.withdrawnBy == nil else { return }
    let heads = subject.heads + (try attempt.draft(subject.id)?.heads ?? [])
    guard !heads.contains(revision.digest) else { throw .refused(.stillCurrent, current: subject.heads.first) }
  }
}
