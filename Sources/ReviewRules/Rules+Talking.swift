// Comments and threads: talk is never lost, not even about what was withdrawn.
import ReviewModel
import Trust

extension Rules {
  static func comment(_ body: AddComment, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    let subject = try attempt.visibleSubject(body.subject)
    if body.isInternal, !Visibility.worksInternally(attempt.member) { throw .refused(.notPermitted) }
    try attempt.requireFree([.comment(body.comment)])
    let text = try remark(body.text, attempt.parts)
    let threadScope = try threadScope(for: body, subject, &attempt)
    var comment = CommentEntity()
    comment.id = body.comment
    comment.thread = body.thread
    comment.subject = body.subject
    comment.member = attempt.member.id
    comment.text = text.text
    comment.partDigests = text.partDigests
    comment.revision = body.revision
    comment.atMilliseconds = attempt.now
    attempt.write(.comment(comment), in: body.isInternal ? .campaignInternal(subject.value.campaign) : threadScope)
    return .applied()
  }

  /// The scope of the thread; opens it if it is not there yet.
  private static func threadScope(
    for body: AddComment, _ subject: VisibleSubject, _ attempt: inout Attempt
  ) throws(Halt) -> Scope {
    if let found = try attempt.entity(.thread(body.thread)) {
      guard case .thread(let thread) = found.value, thread.subject == body.subject,
        Visibility.canRead(found.scope, attempt.member, subject.campaign)
      else { throw .refused(.notFound) }
      return found.scope
    }
    var thread = ThreadEntity()
    thread.id = body.thread
    thread.subject = body.subject
    thread.isInternal = body.isInternal
    thread.atMilliseconds = attempt.now
    let scope = body.isInternal ? .campaignInternal(subject.value.campaign) : subject.scope
    attempt.write(.thread(thread), in: scope)
    return scope
  }

  static func editComment(_ body: EditComment, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    guard let found = try attempt.entity(.comment(body.comment)), case .comment(var comment) = found.value else {
      throw .refused(.notFound)
    }
    try requireReadable(found.scope, subject: comment.subject, &attempt)
    guard comment.member == attempt.member.id else { throw .refused(.notOwnComment) }
    guard !attempt.wasErased(found.value, refusedAs: .erased) else { throw .refused(.erased) }
    let text = try remark(body.text, attempt.parts)
    guard !text.reads(as: comment.text) else { throw .refused(.nothingChanged) }
    guard comment.partDigests.count < RuleLimits.partsOfEntity else { throw .refused(.tooLarge) }
    comment.text = text.text
    comment.partDigests += text.partDigests
    comment.editedMilliseconds = attempt.now
    attempt.write(.comment(comment), in: found.scope)
    return .applied()
  }

  static func resolveThread(_ body: ResolveThread, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    guard let found = try attempt.entity(.thread(body.thread)), case .thread(var thread) = found.value else {
      throw .refused(.notFound)
    }
    try requireReadable(found.scope, subject: thread.subject, &attempt)
    try attempt.requireRole(.admin, .editor, .reviewer)
    guard thread.resolvedBy == nil else { throw .refused(.alreadyResolved) }
    thread.resolvedBy = attempt.member.id
    attempt.write(.thread(thread), in: found.scope)
    return .applied()
  }

  private static func requireReadable(_ scope: Scope, subject: SubjectID, _ attempt: inout Attempt) throws(Halt) {
    let subject = try attempt.visibleSubject(subject)
    guard Visibility.canRead(scope, attempt.member, subject.campaign) else { throw .refused(.notFound) }
  }

  private static func remark(_ digest: Digest, _ parts: PartSet) throws(Halt) -> GivenText {
    let text = try parts.text(digest, kind: .comment, byteLimit: RuleLimits.remarkByteCount)
    guard !text.isBlank else { throw .refused(.emptyContent) }
    return text
  }
}
