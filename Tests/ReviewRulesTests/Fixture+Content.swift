// How campaigns, posts and revisions come into the small world.
import ReviewModel
import ReviewRules
import Trust

extension World {
  @discardableResult
  mutating func createCampaign(
    _ id: CampaignID, by person: Person, members: [MemberID], name: String = "Spring", policy: ApprovalPolicy? = nil
  ) -> Outcome {
    var body = CreateCampaign()
    body.campaign = id
    body.name = text(name, .name)
    body.brief = text("What patients ask in spring", .brief)
    body.policy = policy
    body.members = members
    return act(person, .createCampaign(body))
  }

  func firstContent(of subject: SubjectID, by author: Person, text: String, target: PostTarget) -> RevisionContent {
    var content = RevisionContent()
    content.subject = subject
    content.target = target
    content.authors = [author.id]
    content.text = text
    return content
  }

  /// An item with a post for each platform; its parts are attached.
  mutating func newItem(
    by author: Person, text: String = "Drink enough water.", platforms: [String] = ["instagram"]
  ) -> NewItem {
    var item = NewItem()
    item.item = newID()
    item.content = attach(.item(ItemContent(theme: "Water", canonicalText: text), salt: salt()))
    for platform in platforms {
      var post = NewPost()
      post.subject = newID()
      post.target = PostTarget(platform: platform)
      let content = firstContent(of: post.subject, by: author, text: text, target: post.target)
      post.revision = attach(.revision(content, salt: salt()))
      item.posts.append(post)
    }
    return item
  }

  @discardableResult
  mutating func create(
    _ item: NewItem, by author: Person, in campaign: CampaignID = World.campaign, submits: Bool = false
  ) -> Outcome {
    var body = CreateItem()
    body.campaign = campaign
    body.item = item
    body.submits = submits
    return act(author, .createItem(body))
  }

  /// One post, submitted unless it is asked to stay a draft.
  mutating func post(
    by author: Person = emil, text: String = "Drink enough water.", in campaign: CampaignID = World.campaign,
    submitted: Bool = true
  ) -> SubjectID {
    let item = newItem(by: author, text: text)
    create(item, by: author, in: campaign, submits: submitted)
    return item.posts[0].subject
  }

  /// A revision of what `base` says, changed by `edit`; its part is attached.
  mutating func revised(
    _ subject: SubjectID, base: Digest, by author: Person, _ edit: (inout RevisionContent) -> Void
  ) throws -> Revise {
    var content = try content(base)
    content.authors = [author.id]
    content.parents = [base]
    edit(&content)
    var body = Revise()
    body.subject = subject
    body.base = base
    body.revision = attach(.revision(content, salt: salt()))
    return body
  }

  @discardableResult
  mutating func revise(
    _ subject: SubjectID, base: Digest? = nil, by author: Person = emil, text: String, isDraft: Bool = false
  ) throws -> Outcome {
    var body = try revised(subject, base: try base ?? head(subject), by: author) { $0.text = text }
    body.isDraft = isDraft
    return act(author, .revise(body))
  }

  @discardableResult
  mutating func merge(_ subject: SubjectID, heads: [Digest], by author: Person = emil, text: String) throws -> Outcome {
    let contents = try heads.map { try content($0) }
    guard var content = contents.first else { throw Missing.entity }
    content.authors = Rules.mergeAuthors(of: contents, mergedBy: author.id)
    content.parents = heads
    content.text = text
    var body = Merge()
    body.subject = subject
    body.heads = heads
    body.revision = attach(.revision(content, salt: salt()))
    return act(author, .merge(body))
  }

  /// Two editors change the same words of the same revision.
  mutating func conflictedPost() throws -> SubjectID {
    let subject = post()
    let base = try head(subject)
    try revise(subject, base: base, by: Self.emil, text: "Drink enough tea.")
    try revise(subject, base: base, by: Self.edda, text: "Drink enough juice.")
    return subject
  }

  mutating func stage(_ batch: BatchID, index: UInt32, by author: Person = emil, count: Int = 2) -> (StageBatch, Outcome) {
    var body = StageBatch()
    body.batch = batch
    body.index = index
    for number in 0..<count { body.items.append(newItem(by: author, text: "Post \(number) of stage \(index).")) }
    return (body, act(author, .stageBatch(body)))
  }

  @discardableResult
  mutating func importBatch(
    _ batch: BatchID, _ stages: [StageBatch], by author: Person = emil, submits: Bool = false, stageCount: UInt32? = nil
  ) -> Outcome {
    var body = ImportBatch()
    body.batch = batch
    body.campaign = Self.campaign
    body.stageCount = stageCount ?? UInt32(clamping: stages.count)
    body.stagesDigest = ImportBatch.digest(ofStages: stages)
    body.submits = submits
    return act(author, .importBatch(body))
  }
}
