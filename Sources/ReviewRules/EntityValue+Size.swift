// What entities take as payloads, and records in the ledger: nothing is written that no frame could carry to the devices.
import ReviewModel
import Trust

extension Attempt {
  /// Refuses the whole mutation if anything that it wrote, or its record, is too large to be sent: no half of it is kept.
  mutating func requireFairSizes() throws(Halt) {
    // What is not complete is thrown away, and decided again.
    guard missing.isEmpty else { return }
    guard touched.count <= RuleLimits.touched else {
      // Or the record of the refusal would be as long.
      leaveOutOfTouched(writeOrder)
      throw .refused(.tooLarge)
    }
    // Stages are never sent; they are as large as the envelopes that brought them.
    for case let entity? in writes.values where entity.scope.isGrantable && entity.value.isTooLarge {
      throw .refused(.tooLarge)
    }
  }
}

extension EntityValue {
  /// Its payload is encoded only where it could come near the limit.
  var isTooLarge: Bool {
    byteBound > RuleLimits.entityByteCount && payload.count > RuleLimits.entityByteCount
  }

  /// No fewer bytes than its payload has, from the lengths of what can be long; kinds that are rare or short are encoded.
  private var byteBound: Int {
    switch self {
    case .campaign(let value): value.byteBound
    case .item(let value): value.byteBound
    case .subject(let value): value.byteBound
    case .revision(let value): FieldBytes.fixed + value.part.count + value.parents.count * FieldBytes.digest
    case .draft(let value): FieldBytes.fixed + value.heads.count * FieldBytes.digest + value.authors.count * FieldBytes.id
    case .decision(let value):
      FieldBytes.fixed + value.reason.utf8.count + value.partDigests.count * FieldBytes.digest
    case .comment(let value): FieldBytes.fixed + value.text.utf8.count + value.partDigests.count * FieldBytes.digest
    case .tenant, .member, .device, .invitation, .thread, .batch, .stage, .pause: .max
    }
  }
}

/// What fields take at most, with their tags and lengths.
private enum FieldBytes {
  /// All fields of an entity that are no lists and no long texts: ids, digests, numbers and up to five names.
  static let fixed = 2_000
  static let id = 20
  static let digest = 36
  static let standing = 100
  static let delegation = 44
  static let early = 60
}

extension CampaignEntity {
  fileprivate var byteBound: Int {
    FieldBytes.fixed + brief.utf8.count + members.count * FieldBytes.id + partDigests.count * FieldBytes.digest
  }
}

extension ItemEntity {
  fileprivate var byteBound: Int {
    FieldBytes.fixed + content.canonicalText.utf8.count + posts.count * FieldBytes.id
      + partDigests.count * FieldBytes.digest
  }
}

extension SubjectEntity {
  fileprivate var byteBound: Int {
    let people = (authors.count + assigned.count) * FieldBytes.id + delegations.count * FieldBytes.delegation
    let decisions = standing.count * FieldBytes.standing + replacedEarly.count * FieldBytes.early
    let digests = (heads.count + partDigests.count) * FieldBytes.digest
    return FieldBytes.fixed + withdrawalReason.utf8.count + people + decisions + digests
  }
}
