// Bodies with which people submit, decide and talk. Words are never here: only ids and digests of parts.
import Trust

/// A subject with the exact revision that is meant.
package struct RevisionTarget: CanonicalMessage, Hashable {
  package var subject: SubjectID = .zero
  package var revision: Digest = .zero

  package init() {}

  package init(subject: SubjectID, revision: Digest) {
    self.subject = subject
    self.revision = revision
  }

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &subject)
    try coder.field(2, &revision)
  }
}

/// Puts exact revisions before the reviewers: at most 100, all of one campaign.
package struct Submit: CanonicalMessage, Hashable {
  package var targets: [RevisionTarget] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &targets)
  }
}

/// One of a decision's targets.
package struct DecisionTarget: CanonicalMessage, Hashable {
  package var decision: DecisionID = .zero
  package var subject: SubjectID = .zero
  package var revision: Digest = .zero
  /// Every own decision on this subject that the device knows of, pending ones included.
  package var replaces: [DecisionID] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &decision)
    try coder.field(2, &subject)
    try coder.field(3, &revision)
    try coder.field(4, &replaces)
  }
}

/// One verdict on exact revisions: at most 100, all of one campaign.
package struct Decide: CanonicalMessage, Hashable {
  package var verdict: Verdict = .approve
  /// Digest of a part of kind `reason`; required for all but approve.
  package var reason: Digest?
  package var targets: [DecisionTarget] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &verdict)
    try coder.field(2, &reason)
    try coder.field(3, &targets)
  }
}

/// Takes back an own decision; an admin may lift the reject or hold of a removed member.
package struct WithdrawDecision: CanonicalMessage, Hashable {
  package var subject: SubjectID = .zero
  package var decision: DecisionID = .zero

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &subject)
    try coder.field(2, &decision)
  }
}

/// A remark; it opens its thread if that is not there yet.
package struct AddComment: CanonicalMessage, Hashable {
  package var subject: SubjectID = .zero
  package var thread: ThreadID = .zero
  package var comment: CommentID = .zero
  /// Digest of a part of kind `comment`.
  package var text: Digest = .zero
  package var isInternal = false
  /// What was read when it was written.
  package var revision: Digest?

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &subject)
    try coder.field(2, &thread)
    try coder.field(3, &comment)
    try coder.field(4, &text)
    try coder.field(5, &isInternal)
    try coder.field(6, &revision)
  }
}

/// Other words for an own remark.
package struct EditComment: CanonicalMessage, Hashable {
  package var comment: CommentID = .zero
  /// Digest of a part of kind `comment`.
  package var text: Digest = .zero

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &comment)
    try coder.field(2, &text)
  }
}

/// Says that a conversation has come to its end.
package struct ResolveThread: CanonicalMessage, Hashable {
  package var thread: ThreadID = .zero

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &thread)
  }
}

/// Says who is asked to decide; replaces what was said before.
package struct AssignReviewer: CanonicalMessage, Hashable {
  package var subject: SubjectID = .zero
  package var members: [MemberID] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &subject)
    try coder.field(2, &members)
  }
}

/// A reviewer asks another one to decide in their place: at most 100 subjects, all of one campaign. It hands over the
/// asking, never a right: whoever decides does so in their own name and with their own roles.
package struct Delegate: CanonicalMessage, Hashable {
  package var subjects: [SubjectID] = []
  package var member: MemberID = .zero

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &subjects)
    try coder.field(2, &member)
  }
}

/// Stops publishing. In lane 0: it waits behind nothing.
package struct Pause: CanonicalMessage, Hashable {
  package var pause: PauseID = .zero
  package var target = PauseTarget()
  /// Digest of a part of kind `reason`.
  package var reason: Digest?

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &pause)
    try coder.field(2, &target)
    try coder.field(3, &reason)
  }
}

/// Lifts the pauses that it names, and no other.
package struct Resume: CanonicalMessage, Hashable {
  package var pauses: [PauseID] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &pauses)
  }
}
