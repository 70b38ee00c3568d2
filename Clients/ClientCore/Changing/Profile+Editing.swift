// What editors and admins do with content.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import Trust

extension Profile {
  /// Puts exact revisions before the reviewers.
  public func submit(targets: [(post: String, revision: String)]) throws(ClientError) -> ChangeReport {
    let found = try resolved(targets)
    let drafts = Self.groups(found.targets).map { group in
      var body = Submit()
      body.targets = group.map { RevisionTarget(subject: $0.subject.id, revision: $0.revision) }
      return ChangeDraft(.submit(body), isSplittable: true)
    }
    return try change(drafts, missing: found.missing)
  }

  /// A new revision made from the base (else the current one).
  public func revise(
    post: String, base: String? = nil, edit: RevisionEdit, isDraft: Bool = false
  ) throws(ClientError) -> ChangeReport {
    let subject = try heldSubject(post)
    let reader = EntityReader(cache: try openedCache())
    let from = try start(ofRevising: subject, base: base, isDraft: isDraft, reader)
    let old = try storing { try reader.reading(from, of: subject) }
    guard var content = old.content else { return try Self.refusal(toRevise: subject, from: from, old) }
    let edit = edit.normalized
    try edit.requireFit(for: content)
    content.apply(edit)
    content.authors = [openIdentity.member]
    content.parents = [from]
    content.provenance = nil
    let part = Part.revision(content, salt: environment.randomBytes(Part.saltByteCount))
    var body = Revise()
    body.subject = subject.id
    body.base = from
    body.revision = part.digest
    body.isDraft = isDraft
    return try change([ChangeDraft(.revise(body), parts: [part])])
  }

  /// What `revise` would start from, to be edited by a person: pass its digest as the base.
  ///
  /// - Throws: `notFound`, `rejected` or `damaged` if nothing can be made from it here.
  public func revisionToRevise(
    post: String, base: String? = nil, isDraft: Bool = false
  ) throws(ClientError) -> RevisionDetail {
    let subject = try heldSubject(post)
    let cache = try openedCache()
    let from = try start(ofRevising: subject, base: base, isDraft: isDraft, EntityReader(cache: cache))
    if subject.withdrawnBy != nil { throw ClientError(rejected: .withdrawn) }
    let reading = try storing { try EntityReader(cache: cache).reading(from, of: subject) }
    guard reading.content != nil else { throw Self.obstacle(subject, reading) }
    return try storing { try SubjectDetailing(cache: cache, actor: actor).revision(from, of: subject, isDraft: isDraft) }
  }

  private func start(
    ofRevising subject: SubjectEntity, base: String?, isDraft: Bool, _ reader: EntityReader
  ) throws(ClientError) -> Digest {
    if let base { return try revision(base, of: subject.id) }
    if isDraft, let tip = try storing({ try reader.draft(subject.id)?.heads.first }) { return tip }
    return subject.heads.first ?? .zero
  }

  /// Why nothing can be made from a revision that has no words here. Of a withdrawn post it is what the rules say.
  private static func refusal(
    toRevise subject: SubjectEntity, from revision: Digest, _ reading: RevisionReading
  ) throws(ClientError) -> ChangeReport {
    if subject.withdrawnBy != nil {
      let target = MutationDescription.Target(subject: subject.id, revision: revision)
      let result = OutcomeReading.result(target, status: "rejected", code: .withdrawn, exit: OutcomeReading.rejectedExit)
      return ChangeReport(mutations: [], results: [result])
    }
    throw obstacle(subject, reading)
  }

  private static func obstacle(_ subject: SubjectEntity, _ reading: RevisionReading) -> ClientError {
    if reading == .damaged { return RevisionProblem.damaged.error([subject.id.hex]) }
    guard reading == .erased else {
      return ClientError(.notFound, "This device does not hold the revision to start from.", remedy: "Sync, then try again.")
    }
    return ClientError(
      .rejected, "The words of the revision to start from were erased.",
      remedy: "Start from one that is current, or import anew.")
  }

  /// Takes subjects back.
  public func withdraw(posts: [String], reason: String?) throws(ClientError) -> ChangeReport {
    let found = try resolved(posts.map { (post: $0, revision: Digest.zero.hex) })
    let drafts = Self.groups(found.targets).map { group in
      let part = reason.map { newPart($0, .reason) }
      var body = Withdraw()
      body.subjects = group.map(\.subject.id)
      body.reason = part?.digest
      return ChangeDraft(.withdraw(body), parts: part.map { [$0] } ?? [], isSplittable: true)
    }
    return try change(drafts, missing: found.missing)
  }

  /// Ends a conflict with one revision: the first head's fields with the edit's on top.
  ///
  /// - Parameter versions: digests of what the person saw; nil for whatever is there now.
  /// - Throws: `rejected` if a version has come in or gone since they were seen.
  public func merge(post: String, edit: RevisionEdit, of versions: [String]? = nil) throws(ClientError) -> ChangeReport {
    let subject = try heldSubject(post)
    let reader = EntityReader(cache: try openedCache())
    let heads = try storing { try subject.heads.count > 1 ? subject.heads : reader.draft(subject.id)?.heads ?? subject.heads }
    if let versions, Set(versions) != Set(heads.map(\.hex)) { throw ClientError(rejected: .headsMoved) }
    let readings = try storing { try heads.map { try reader.reading($0, of: subject) } }
    // A merge signs its heads as what it was made from.
    if readings.contains(where: { RevisionProblem($0) == .damaged }) { throw RevisionProblem.damaged.error([subject.id.hex]) }
    let contents = readings.compactMap(\.content)
    guard var content = contents.first, contents.count == heads.count else {
      throw ClientError(.notFound, "This device does not hold all the heads of the conflict.", remedy: "Sync, then try again.")
    }
    let edit = edit.normalized
    try edit.requireFit(for: content, and: contents)
    content.apply(edit)
    // Everybody who wrote one of the heads is an author of what comes of them.
    var authors: [MemberID] = []
    for author in contents.flatMap(\.authors) + [openIdentity.member] where !authors.contains(author) { authors.append(author) }
    content.authors = authors
    content.parents = heads
    content.provenance = nil
    let part = Part.revision(content, salt: environment.randomBytes(Part.saltByteCount))
    var body = Merge()
    body.subject = subject.id
    body.heads = heads
    body.revision = part.digest
    return try change([ChangeDraft(.merge(body), parts: [part])])
  }

  /// The versions that stand side by side, of the post or else of its draft; fewer than two where there is no conflict.
  public func versions(toMerge post: String) throws(ClientError) -> [RevisionDetail] {
    let subject = try heldSubject(post)
    let detailing = SubjectDetailing(cache: try openedCache(), actor: actor)
    return try storing {
      let isDraft = subject.heads.count < 2
      let heads = isDraft ? try detailing.reader.draft(subject.id)?.heads ?? [] : subject.heads
      return try heads.map { try detailing.revision($0, of: subject, isDraft: isDraft) }
    }
  }

  /// Says who is asked to decide: names or ids of members.
  public func assign(post: String, members: [String]) throws(ClientError) -> ChangeReport {
    let subject = try heldSubject(post)
    var body = AssignReviewer()
    body.subject = subject.id
    for name in members { body.members.append(try member(named: name).id) }
    return try change([ChangeDraft(.assignReviewer(body))])
  }
}

extension RevisionContent {
  mutating func apply(_ edit: RevisionEdit) {
    text = edit.text ?? text
    hashtags = edit.hashtags ?? hashtags
    link = edit.link ?? link
    altText = edit.altText ?? altText
    title = edit.title ?? title
  }
}
