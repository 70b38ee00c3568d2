// New revisions of a subject, on its own line or on its draft's.
import ReviewModel
import Trust

extension Rules {
  static func revise(_ body: Revise, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    let subject = try attempt.visibleSubject(body.subject)
    try attempt.requireRole(.admin, .editor)
    guard subject.value.withdrawnBy == nil else { throw .refused(.withdrawn) }
    let given = try attempt.parts.revision(
      body.revision, expectation(of: subject.value, author: attempt.member.id, parents: [body.base]))
    try attempt.requireFree([.revision(body.revision)])
    // An unsubmitted subject is among the editors anyway: a draft of it is its own line.
    if body.isDraft, subject.value.submission != nil {
      return try reviseDraft(of: subject, body, given, &attempt)
    }
    let advance = try advance(subject.value.heads, of: subject.value, base: body.base, given: given, &attempt)
    put(advance, base: body.base, on: subject, authors: [attempt.member.id], &attempt)
    return .applied(result: advance.result)
  }

  static func expectation(of subject: SubjectEntity, author: MemberID, parents: [Digest]) -> RevisionExpectation {
    RevisionExpectation(
      subject: subject.id, target: subject.target, isDocument: subject.isDocument, author: author, parents: parents)
  }

  private static func reviseDraft(
    of subject: VisibleSubject, _ body: Revise, _ given: GivenRevision, _ attempt: inout Attempt
  ) throws(Halt) -> Outcome {
    let existing = try attempt.draft(body.subject)
    guard existing != nil || subject.value.heads.count == 1 else { throw .refused(.conflicted) }
    let line = existing?.heads ?? subject.value.heads
    let advance = try advance(line, of: subject.value, base: body.base, given: given, &attempt)
    var draft = existing ?? DraftEntity()
    if existing == nil {
      draft.subject = body.subject
      draft.base = subject.value.heads[0]
      draft.authors = isApproved(subject.value, on: body.base) ? [] : subject.value.authors
    }
    draft.heads = advance.heads
    draft.authors = union(draft.authors, [attempt.member.id])
    let scope = Scope.campaignInternal(subject.value.campaign)
    for revision in advance.revisions { attempt.write(revision, of: body.subject, in: scope) }
    if advance.heads != line { attempt.write(.draft(draft), in: scope) }
    return .applied(result: advance.result)
  }

  /// Where the line goes with a revision made from `base`.
  private static func advance(
    _ heads: [Digest], of subject: SubjectEntity, base: Digest, given: GivenRevision, _ attempt: inout Attempt
  ) throws(Halt) -> Advance {
    try attempt.advance(Line(heads: heads, base: base), with: given) { attempt throws(Halt) in
      try continued(heads, of: subject, base: base, given: given, &attempt)
    }
  }

  private static func continued(
    _ heads: [Digest], of subject: SubjectEntity, base: Digest, given: GivenRevision, _ attempt: inout Attempt
  ) throws(Halt) -> Advance {
    let current = heads.count == 1 ? heads[0] : nil
    guard let ancestor = try attempt.revision(base)?.value, ancestor.subject == subject.id else {
      throw .refused(.unknownBase, current: current)
    }
    if let old = attempt.words(of: ancestor), let new = attempt.words(of: given), old.content.reads(as: new.content) {
      throw .refused(.nothingChanged, current: current)
    }
    if heads.contains(base) {
      let moved = heads.map { $0 == base ? given.digest : $0 }
      return Advance(heads: moved, result: given.digest, revisions: [given])
    }
    guard try attempt.isAncestor(ancestor, of: heads) else { throw .refused(.unknownBase, current: current) }
    guard let current else {
      guard heads.count < RuleLimits.heads else { throw .refused(.conflicted) }
      return Advance(heads: heads + [given.digest], result: given.digest, revisions: [given])
    }
    guard let head = try attempt.revision(current)?.value else { throw .refused(.unknownBase, current: current) }
    return joined(head: head, given: given, ancestor: ancestor, of: subject, &attempt)
  }

  /// The two revisions as one; where that would be larger than a revision may be, both are heads, and no words are lost.
  static func joined(
    head: RevisionEntity, given: GivenRevision, ancestor: RevisionEntity, of subject: SubjectEntity, _ attempt: inout Attempt
  ) -> Advance {
    let advance = Reconciliation.join(
      head: head, given: given, ancestor: ancestor, isDocument: subject.isDocument, &attempt)
    guard advance.result != given.digest, let made = advance.revisions.first(where: { $0.digest == advance.result }),
      let part = made.words?.part, part.bytes.count > RuleLimits.mergedPartByteCount
    else { return advance }
    return Advance(heads: [head.digest, given.digest], result: given.digest, revisions: [given])
  }

  /// Makes the new heads current: what was decided on the old ones does not carry over. Heads that stay keep it.
  static func put(
    _ advance: Advance, base: Digest, on subject: VisibleSubject, authors: [MemberID], _ attempt: inout Attempt
  ) {
    for revision in advance.revisions { attempt.write(revision, of: subject.value.id, in: subject.scope) }
    guard advance.heads != subject.value.heads else { return }
    var value = subject.value
    value.authors = isApproved(value, on: base) ? union(authors, []) : union(value.authors, authors)
    value.heads = advance.heads
    value.standing = []
    value.updatedMilliseconds = attempt.now
    attempt.write(.subject(value), in: subject.scope)
  }

  /// Whether this very revision is current and approved: who wrote it and what came before is then settled.
  static func isApproved(_ subject: SubjectEntity, on revision: Digest) -> Bool {
    subject.heads == [revision] && SubjectState.derive(from: subject) == .approved
  }
}
