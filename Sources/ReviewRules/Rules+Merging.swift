// Ending a conflict: an editor's one revision made from all the heads.
import ReviewModel
import Trust

extension Rules {
  static func merge(_ body: Merge, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    let subject = try attempt.visibleSubject(body.subject)
    try attempt.requireRole(.admin, .editor)
    guard subject.value.withdrawnBy == nil else { throw .refused(.withdrawn) }
    let draft = try attempt.draft(body.subject)
    let isDraft = try isAboutDraft(body, subject.value, draft)
    try attempt.require(body.heads.map { .revision($0) })
    try attempt.requireFree([.revision(body.revision)])
    var contents: [RevisionContent] = []
    for head in body.heads {
      if let value = try attempt.revision(head)?.value, let words = attempt.words(of: value) { contents.append(words.content) }
    }
    let author = attempt.member.id
    var expected = expectation(of: subject.value, author: author, parents: body.heads)
    if !contents.isEmpty { expected.authors = Set(mergeAuthors(of: contents)) }
    if attempt.restsOnRecord { expected.authors = nil }
    expected.furtherAuthor = author
    let given = try attempt.parts.revision(body.revision, expected)
    let advance = Advance(heads: [given.digest], result: given.digest, revisions: [given])
    let authors = mergeAuthors(of: contents, mergedBy: author)
    if isDraft, var draft {
      draft.heads = advance.heads
      draft.authors = union(draft.authors, authors)
      attempt.write(given, of: body.subject, in: .campaignInternal(subject.value.campaign))
      attempt.write(.draft(draft), in: .campaignInternal(subject.value.campaign))
    } else {
      put(advance, base: given.digest, on: subject, authors: authors, &attempt)
    }
    return .applied(result: given.digest)
  }

  /// Whether it is the draft whose heads are named. Exactly the current heads of a conflict must be.
  private static func isAboutDraft(_ body: Merge, _ subject: SubjectEntity, _ draft: DraftEntity?) throws(Halt) -> Bool {
    let named = Set(body.heads)
    if subject.heads.count > 1, named == Set(subject.heads), named.count == body.heads.count { return false }
    guard let draft, draft.heads.count > 1 else {
      throw subject.heads.count > 1 ? .refused(.headsMoved) : .refused(.notConflicted, current: subject.heads.first)
    }
    guard named == Set(draft.heads), named.count == body.heads.count else { throw .refused(.headsMoved) }
    return true
  }
}
