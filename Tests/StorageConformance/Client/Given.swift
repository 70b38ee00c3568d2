// Ids, mutations, answers and entities for the tests of client stores, each made from small numbers.
import ReviewModel
import Storage
import Trust

enum Given {
  static func id<Kind>(_ number: Int) -> Identifier<Kind> {
    Identifier(Array(digest(number).bytes.prefix(16))) ?? .zero
  }

  static func digest(_ number: Int) -> Digest { SHA256.hash(Array("sample \(number)".utf8)) }

  static func mutation(_ number: Int, lane: UInt32 = 1, bodyBytes: Int = 20) -> QueuedMutation {
    QueuedMutation(
      mutationID: id(number), lane: lane, body: Array(repeating: UInt8(truncatingIfNeeded: number), count: bodyBytes),
      parts: [Part.text("because \(number)", kind: .reason, salt: Array(repeating: 7, count: 32))],
      clock: HybridClock(wallMilliseconds: UInt64(number), counter: 3), queuedMilliseconds: UInt64(1_000 + number))
  }

  /// Signs as a session does, with a signature that no store looks into.
  static func sign(_ row: OutboxRow, _ last: LanePosition) -> SignedEnvelope {
    var envelope = Envelope()
    envelope.mutationID = row.mutation.mutationID
    envelope.lane = row.mutation.lane
    envelope.number = last.number + 1
    envelope.previousHash = last.hash
    envelope.clock = row.mutation.clock
    envelope.body = row.mutation.body
    return SignedEnvelope(bytes: envelope.encoded(), signature: signature)
  }

  /// Some signature: the stores keep it and never check it.
  static let signature = SigningKey.generate().sign([1])

  static func answer(
    lane: UInt32 = 1, number: UInt64, seq: UInt64, outcome: Outcome = .applied(), atMilliseconds: UInt64 = 5_000,
    rulesVersion: UInt32 = 0
  ) -> AnsweredRow {
    var leaf = LeafRecord()
    leaf.outcome = outcome
    leaf.rulesVersion = rulesVersion
    let answer = RowAnswer(
      ledgerIndex: seq, commitSeq: seq, leafRecord: leaf.encoded(), statement: Array("statement".utf8),
      signature: signature, answeredMilliseconds: atMilliseconds, isProved: false)
    return AnsweredRow(lane: lane, number: number, answer: answer, isRefused: outcome.status != .applied)
  }

  static func subject(_ number: Int, campaign: Int = 0, updatedMilliseconds: UInt64 = 0) -> EntityValue {
    var subject = SubjectEntity()
    subject.id = id(number)
    subject.campaign = id(campaign)
    subject.updatedMilliseconds = updatedMilliseconds
    return .subject(subject)
  }

  static func decision(_ number: Int, on subject: Int, ledgerIndex: UInt64? = nil) -> EntityValue {
    var decision = DecisionEntity()
    decision.id = id(number)
    decision.subject = id(subject)
    decision.ledgerIndex = ledgerIndex
    return .decision(decision)
  }

  static func revision(_ number: Int, of subject: Int) -> EntityValue {
    var revision = RevisionEntity()
    revision.digest = digest(number)
    revision.subject = id(subject)
    return .revision(revision)
  }

  static func row(_ value: EntityValue, seq: UInt64) -> StoredRow {
    StoredRow(key: value.key, seq: seq, payload: value.payload)
  }

  static func line(_ number: Int, title: String = "", text: String = "", updatedMilliseconds: UInt64 = 0) -> SubjectIndexRow {
    SubjectIndexRow(
      subject: id(number), item: nil, campaign: id(0), campaignName: "Spring", platform: "linkedin", account: "clinic",
      locale: "de", documentKind: "", state: "in_review", revision: digest(number), title: title, text: text,
      updatedMilliseconds: updatedMilliseconds, waitsForMe: true, isPending: false)
  }
}
