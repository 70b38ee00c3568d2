// What people say about subjects: decisions, threads and comments.
import Trust

/// One member's verdict on one exact revision, with what became of it.
package struct DecisionEntity: CanonicalMessage, Hashable {
  package var id: DecisionID = .zero
  package var subject: SubjectID = .zero
  package var revision: Digest = .zero
  package var member: MemberID = .zero
  package var device: Digest = .zero
  package var verdict: Verdict = .approve
  package var reason = ""
  package var clock = HybridClock()
  package var atMilliseconds: UInt64 = 0
  /// The own later decision that replaced it.
  package var replacedBy: DecisionID?
  package var isWithdrawn = false
  /// The entry of the ledger that holds it; nil on a device until the server has answered.
  package var ledgerIndex: UInt64?
  /// Digests of the parts that its words came in, the latest last: what an erasure removes.
  package var partDigests: [Digest] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &id)
    try coder.field(2, &subject)
    try coder.field(3, &revision)
    try coder.field(4, &member)
    try coder.field(5, &device)
    try coder.field(6, &verdict)
    try coder.field(7, &reason)
    try coder.field(8, &clock)
    try coder.field(9, &atMilliseconds)
    try coder.field(10, &replacedBy)
    try coder.field(11, &isWithdrawn)
    try coder.field(12, &ledgerIndex)
    try coder.field(13, &partDigests)
  }
}

/// A conversation about a subject; internal ones are for editors and admins.
package struct ThreadEntity: CanonicalMessage, Hashable {
  package var id: ThreadID = .zero
  package var subject: SubjectID = .zero
  package var isInternal = false
  package var resolvedBy: MemberID?
  package var atMilliseconds: UInt64 = 0

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &id)
    try coder.field(2, &subject)
    try coder.field(3, &isInternal)
    try coder.field(4, &resolvedBy)
    try coder.field(5, &atMilliseconds)
  }
}

/// One remark in a thread.
package struct CommentEntity: CanonicalMessage, Hashable {
  package var id: CommentID = .zero
  package var thread: ThreadID = .zero
  package var subject: SubjectID = .zero
  package var member: MemberID = .zero
  package var text = ""
  /// The revision that was read when it was written.
  package var revision: Digest?
  package var atMilliseconds: UInt64 = 0
  package var editedMilliseconds: UInt64 = 0
  /// Digests of the parts that its words came in, the latest last: what an erasure removes.
  package var partDigests: [Digest] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &id)
    try coder.field(2, &thread)
    try coder.field(3, &subject)
    try coder.field(4, &member)
    try coder.field(5, &text)
    try coder.field(6, &revision)
    try coder.field(7, &atMilliseconds)
    try coder.field(8, &editedMilliseconds)
    try coder.field(9, &partDigests)
  }
}
