// What editors do: items, documents, imports, revisions, merges, submissions.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import Trust

extension Workload {
  private func newItem(posts: Int) -> (NewItem, [Part]) {
    let member = device.identity.member
    let salt = Part.saltByteCount
    let content = Part.item(ItemContent(theme: sentence(1), canonicalText: sentence(4)), salt: random.bytes(salt))
    var item = NewItem()
    item.item = random.identifier()
    item.content = content.digest
    var parts = [content]
    for _ in 0..<posts {
      var post = NewPost()
      post.subject = random.identifier()
      post.target = PostTarget(platform: random.pick(Self.platforms) ?? "")
      var revision = RevisionContent()
      revision.subject = post.subject
      revision.target = post.target
      revision.authors = [member]
      revision.text = sentence(6)
      let part = Part.revision(revision, salt: random.bytes(salt))
      post.revision = part.digest
      item.posts.append(post)
      parts.append(part)
    }
    return (item, parts)
  }

  func createItem() throws -> [Draft] {
    guard let campaign = random.pick(try campaigns()) else { return [] }
    let (item, parts) = newItem(posts: 1 + random.below(3))
    var body = CreateItem()
    body.campaign = campaign.id
    body.item = item
    body.submits = random.chance(permille: 500)
    return [Draft(mutation: .createItem(body), parts: parts)]
  }

  func createDocument() throws -> [Draft] {
    guard let campaign = random.pick(try campaigns()) else { return [] }
    var body = CreateDocument()
    body.campaign = campaign.id
    body.subject = random.identifier()
    body.documentKind = "brief"
    body.submits = random.chance(permille: 500)
    var revision = RevisionContent()
    revision.subject = body.subject
    revision.authors = [device.identity.member]
    revision.title = sentence(2)
    revision.text = sentence(8)
    let part = Part.revision(revision, salt: random.bytes(Part.saltByteCount))
    body.revision = part.digest
    return [Draft(mutation: .createDocument(body), parts: [part])]
  }

  /// Stages and the import that makes them count, in one transaction of the outbox.
  func importBatch() throws -> [Draft] {
    guard let campaign = random.pick(try campaigns()) else { return [] }
    let batch: BatchID = random.identifier()
    var stages: [StageBatch] = []
    var drafts: [Draft] = []
    for index in 0..<UInt32(1 + random.below(3)) {
      var stage = StageBatch()
      stage.batch = batch
      stage.index = index
      var parts: [Part] = []
      for _ in 0..<(1 + random.below(4)) {
        let (item, itemParts) = newItem(posts: 1 + random.below(2))
        stage.items.append(item)
        parts += itemParts
      }
      stages.append(stage)
      drafts.append(Draft(mutation: .stageBatch(stage), parts: parts))
    }
    var body = ImportBatch()
    body.batch = batch
    body.campaign = campaign.id
    body.stageCount = UInt32(stages.count)
    body.stagesDigest = ImportBatch.digest(ofStages: stages)
    body.submits = random.chance(permille: 500)
    return drafts + [Draft(mutation: .importBatch(body))]
  }

  func revise() throws -> [Draft] {
    guard let subject = random.pick(try subjects()) else { return [] }
    var base = random.pick(subject.heads)
    if random.chance(permille: 300), let draft = try draft(of: subject.id) { base = random.pick(draft.heads) }
    guard let base, var content = try content(base) else { return [] }
    // Sometimes from what was current once.
    var from = base
    if random.chance(permille: 200), let parent = content.parents.first, let old = try self.content(parent) {
      (from, content) = (parent, old)
    }
    content.text = edited(content.text)
    content.authors = [device.identity.member]
    content.parents = [from]
    let part = Part.revision(content, salt: random.bytes(Part.saltByteCount))
    var body = Revise()
    body.subject = subject.id
    body.base = from
    body.revision = part.digest
    body.isDraft = random.chance(permille: 300)
    return [Draft(mutation: .revise(body), parts: [part])]
  }

  private func draft(of subject: SubjectID) throws -> DraftEntity? {
    guard let stored = try device.cache.view([.draft(subject)])[.draft(subject)],
      case .draft(let value) = Replay.entity(.draft(subject), stored)?.value
    else { return nil }
    return value
  }

  func merge() throws -> [Draft] {
    guard let subject = random.pick(try subjects { $0.heads.count > 1 }) else { return [] }
    let contents = try subject.heads.compactMap { try content($0) }
    guard var content = contents.first, contents.count == subject.heads.count else { return [] }
    content.text = edited(content.text)
    content.authors = Rules.mergeAuthors(of: contents, mergedBy: device.identity.member)
    content.parents = subject.heads
    let part = Part.revision(content, salt: random.bytes(Part.saltByteCount))
    var body = Merge()
    body.subject = subject.id
    body.heads = subject.heads
    body.revision = part.digest
    return [Draft(mutation: .merge(body), parts: [part])]
  }

  func submit() throws -> [Draft] {
    let open = try subjects { $0.heads.count == 1 && $0.withdrawnBy == nil }
    guard let first = random.pick(open) else { return [] }
    var body = Submit()
    for subject in open.filter({ $0.campaign == first.campaign }).prefix(1 + random.below(5)) {
      let revision = try draft(of: subject.id)?.heads.first ?? subject.heads[0]
      body.targets.append(RevisionTarget(subject: subject.id, revision: revision))
    }
    return [Draft(mutation: .submit(body))]
  }

  func withdraw() throws -> [Draft] {
    guard let subject = random.pick(try subjects()) else { return [] }
    let reason = text(.reason)
    var body = Withdraw()
    body.subjects = [subject.id]
    body.reason = reason.digest
    return [Draft(mutation: .withdraw(body), parts: [reason])]
  }
}
