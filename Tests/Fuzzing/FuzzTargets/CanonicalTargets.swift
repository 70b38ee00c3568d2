// Whatever is hashed, signed or stored: a strict reader takes only the bytes that it would write itself; a tolerant one
// takes more, and what it takes has one canonical form that is no longer.
import ReviewModel
import SyncEngine
import Trust

enum CanonicalTargets {
  static let all: [FuzzTarget] = [
    FuzzTarget("canonical") { bytes in
      guard let choice = Choice(bytes, of: messages.count) else { return false }
      return try read(choice.rest, as: messages[choice.number])
    },
    FuzzTarget("envelope", read: envelope),
    FuzzTarget("mutation", read: mutation),
    FuzzTarget("entity", read: entity),
    FuzzTarget("part", read: part),
  ]

  /// Every message that has canonical bytes. The first byte of an input is a place in this list: append only.
  static let messages: [any CanonicalMessage.Type] = [
    AddComment.self, ApprovalPolicy.self, AssignReviewer.self, BatchEntity.self, CampaignEntity.self,
    CertificateStatement.self, CommentEntity.self, CreateCampaign.self, CreateDocument.self, CreateItem.self,
    CreateTenant.self, Decide.self, DecisionEntity.self, DecisionTarget.self, DeviceEntity.self, DeviceVouching.self,
    DraftEntity.self, EarlyReplacement.self, EditComment.self, EnrolDevice.self, Envelope.self, HybridClock.self,
    ImportBatch.self, InvitationCode.self, InvitationEntity.self, InvitationVouching.self, InviteMember.self,
    ItemContent.self, ItemEntity.self, LeafRecord.self, MediaReference.self, MemberEntity.self, Merge.self, NameRoot.self,
    NewItem.self, NewPost.self, Outcome.self, OutcomeReceipt.self, OutcomesStatement.self, Pause.self, PauseEntity.self,
    PauseTarget.self, PostTarget.self, Provenance.self, ResolveThread.self, Resume.self, Revise.self, RevisionContent.self,
    RevisionEntity.self, RevisionTarget.self, RevokeDevice.self, RootNaming.self, SeenCheckpoint.self,
    SessionTranscript.self, SetCampaignMembers.self, SetPolicy.self, SetRoles.self, StageBatch.self, StageEntity.self,
    StandingDecision.self, SubjectEntity.self, Submission.self, Submit.self, TargetOutcome.self, TenantEntity.self,
    ThreadEntity.self, TouchedEntity.self, VouchDevice.self, Withdraw.self, WithdrawDecision.self,
    Delegate.self, Delegation.self, Erase.self, ErasureTarget.self,
  ]

  private static func read(_ bytes: [UInt8], as type: (some CanonicalMessage).Type) throws -> Bool {
    let strict = try? type.init(canonical: bytes)
    if let strict { try BrokenPromise.unless(strict.encoded() == bytes, "\(type): read strictly and written differently") }
    guard let tolerant = try? type.init(tolerating: bytes) else {
      try BrokenPromise.unless(strict == nil, "\(type): read strictly and not tolerantly")
      return false
    }
    let written = tolerant.encoded()
    try BrokenPromise.unless(written.count <= bytes.count, "\(type): the canonical form is longer than what was read")
    try BrokenPromise.unless(strict == nil || written == bytes, "\(type): the two readers differ")
    let again = try? type.init(canonical: written)
    try BrokenPromise.unless(again?.encoded() == written, "\(type): what was read tolerantly has no canonical form")
    return true
  }

  private static func envelope(_ bytes: [UInt8]) throws -> Bool {
    guard let envelope = try? Envelope(canonical: bytes) else { return false }
    try BrokenPromise.unless(envelope.encoded() == bytes, "an envelope is read and written differently")
    guard let signature = Signature([UInt8](repeating: 0, count: 64)) else { throw BrokenPromise("64 bytes are no signature") }
    let signed = SignedEnvelope(bytes: bytes, signature: signature)
    let verified = try? VerifiedEnvelope.trusted(signed, parts: [envelope.body, bytes])
    try BrokenPromise.unless(verified?.envelope == envelope, "an envelope is not what was verified")
    _ = try mutation(envelope.body)
    return true
  }

  private static func mutation(_ bytes: [UInt8]) throws -> Bool {
    guard case .known(let mutation) = try? Mutation.decode(bytes) else { return false }
    try BrokenPromise.unless(mutation.encoded() == bytes, "a body is read and written differently")
    try BrokenPromise.unless(mutation.lane <= LedgerLimits.highestLane, "a body has no lane")
    try BrokenPromise.unless(
      Mutation.partDigests(ofBody: bytes) == mutation.partDigests, "a body's parts depend on who asks")
    return true
  }

  /// The first byte is the kind.
  private static func entity(_ bytes: [UInt8]) throws -> Bool {
    guard let first = bytes.first, let kind = EntityKind(rawValue: UInt32(first)),
      let value = try? EntityValue(kind: kind, payload: Array(bytes.dropFirst()))
    else { return false }
    try BrokenPromise.unless(value.key.kind == kind, "an entity has changed its kind")
    let again = try? EntityValue(kind: kind, payload: value.payload)
    try BrokenPromise.unless(again == value, "an entity is written and read differently")
    try BrokenPromise.unless(value.payload.count < bytes.count, "an entity grows when it is stored")
    return true
  }

  private static func part(_ bytes: [UInt8]) throws -> Bool {
    guard let part = Part(bytes) else { return false }
    try BrokenPromise.unless(
      part.bytes == bytes && part.salt + [part.kind.rawValue] + part.content == bytes, "a part has lost bytes")
    try BrokenPromise.unless(
      Part(salt: part.salt, kind: part.kind, content: part.content) == part, "a part is made differently")
    try BrokenPromise.unless(part.text.map { Array($0.utf8) == part.content } ?? true, "a part's text is not its bytes")
    switch part.kind {
    case .revision: return try read(part.content, as: RevisionContent.self)
    case .itemContent: return try read(part.content, as: ItemContent.self)
    default: return true
    }
  }
}
