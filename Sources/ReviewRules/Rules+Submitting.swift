// Putting exact revisions before the reviewers: a subject's first submission, or a draft that becomes current.
import ReviewModel
import Trust

extension Rules {
  static func submit(_ body: Submit, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    try attempt.requireOneCampaign(body.targets.map(\.subject))
    return attempt.each(body.targets) { (attempt: inout Attempt, target: RevisionTarget) throws(Halt) -> TargetOutcome in
      let subject = try attempt.visibleSubject(target.subject)
      try attempt.requireRole(.admin, .editor)
      guard subject.value.withdrawnBy == nil else { throw .refused(.withdrawn) }
      guard subject.value.heads.count == 1, let head = subject.value.heads.first else { throw .refused(.conflicted) }
      if subject.value.submission != nil {
        return try promote(target.revision, of: subject, head: head, &attempt)
      }
      guard target.revision == head else { throw .refused(.staleRevision, current: head) }
      try submitFirst(subject, head: head, &attempt)
      return TargetOutcome(status: .applied, result: head)
    }
  }

  /// The subject, its item and its current revision leave the editors' scope for the campaign's.
  private static func submitFirst(_ subject: VisibleSubject, head: Digest, _ attempt: inout Attempt) throws(Halt) {
    let itemKey = subject.value.item.map { EntityKey.item($0) }
    try attempt.require([.revision(head)] + (itemKey.map { [$0] } ?? []))
    var value = subject.value
    value.submission = try submission(in: subject.campaign, &attempt)
    value.updatedMilliseconds = attempt.now
    let scope = Scope.campaign(value.campaign)
    try move(.revision(head), to: scope, &attempt)
    if let itemKey { try move(itemKey, to: scope, &attempt) }
    attempt.write(.subject(value), in: scope)
  }

  /// A draft becomes current under the policy that bound already.
  private static func promote(
    _ revision: Digest, of subject: VisibleSubject, head: Digest, _ attempt: inout Attempt
  ) throws(Halt) -> TargetOutcome {
    guard let draft = try attempt.draft(subject.value.id) else {
      throw revision == head ? .refused(.alreadySubmitted) : .refused(.staleRevision, current: head)
    }
    guard draft.heads.count == 1, let tip = draft.heads.first else { throw .refused(.conflicted) }
    guard revision == tip else {
      throw revision == head ? .refused(.alreadySubmitted) : .refused(.staleRevision, current: tip)
    }
    try attempt.require([.revision(tip), .revision(head), .revision(draft.base)])
    let given = try attempt.given(tip)
    let advanced = try attempt.advance(Line(heads: [head], base: draft.base), with: given) { attempt throws(Halt) in
      try advance(subject, head: head, draft: draft, given: given, &attempt)
    }
    try move(.revision(tip), to: .campaign(subject.value.campaign), &attempt)
    let merged = Advance(
      heads: advanced.heads, result: advanced.result, revisions: advanced.revisions.filter { $0.digest != tip })
    put(merged, base: draft.base, on: subject, authors: draft.authors, &attempt)
    attempt.remove(.draft(draft.subject))
    return TargetOutcome(status: .applied, result: advanced.result)
  }

  private static func advance(
    _ subject: VisibleSubject, head: Digest, draft: DraftEntity, given: GivenRevision, _ attempt: inout Attempt
  ) throws(Halt) -> Advance {
    if head == draft.base { return Advance(heads: [given.digest], result: given.digest, revisions: []) }
    guard let current = try attempt.revision(head)?.value, let base = try attempt.revision(draft.base)?.value else {
      throw .refused(.unknownBase, current: head)
    }
    return joined(head: current, given: given, ancestor: base, of: subject.value, &attempt)
  }

  static func move(_ key: EntityKey, to scope: Scope, _ attempt: inout Attempt) throws(Halt) {
    guard let entity = try attempt.entity(key), entity.scope != scope else { return }
    attempt.write(entity.value, in: scope)
  }
}
