// Campaigns, items, documents and batches.
import ReviewModel
import ReviewRules
import Testing
import Trust

@Suite struct ContentTests {
  @Test func `an item comes with one post for each platform`() throws {
    var world = World.populated()
    let item = world.newItem(by: World.emil, platforms: ["instagram", "linkedin", "website"])
    #expect(world.create(item, by: World.emil, submits: true) == .applied())
    for post in item.posts {
      let subject = try world.subject(post.subject)
      #expect(subject.item == item.item && subject.heads == [post.revision] && subject.target == post.target)
      #expect(subject.authors == [World.emil.id])
      #expect(try world.state(post.subject) == .inReview)
    }
  }

  @Test func `an item has between 1 and 50 posts, each for another place`() {
    var world = World.populated()
    var item = world.newItem(by: World.emil, platforms: [])
    #expect(world.create(item, by: World.emil) == .rejected(.emptyContent))
    item = world.newItem(by: World.emil, platforms: (0...50).map { "platform \($0)" })
    #expect(world.create(item, by: World.emil) == .rejected(.tooManyTargets))
    item = world.newItem(by: World.emil, platforms: ["x", "x"])
    #expect(world.create(item, by: World.emil) == .rejected(.malformed))
    item = world.newItem(by: World.emil, platforms: [" "])
    #expect(world.create(item, by: World.emil) == .rejected(.nameRequired))
  }

  @Test func `a revision must say what the body says`() {
    let edits: [@Sendable (inout RevisionContent) -> Void] = [
      { $0.subject = World.id(of: "another") }, { $0.authors = [World.edda.id] }, { $0.authors = [] },
      { $0.parents = [.zero] }, { $0.target.platform = "linkedin" }, { $0.title = "Only documents have one" },
    ]
    for edit in edits {
      var world = World.populated()
      var item = world.newItem(by: World.emil)
      var content = world.firstContent(
        of: item.posts[0].subject, by: World.emil, text: "Words", target: item.posts[0].target)
      edit(&content)
      item.posts[0].revision = world.attach(.revision(content, salt: world.salt()))
      #expect(world.create(item, by: World.emil) == .rejected(.partMismatch))
      #expect(world.lastChanges.isEmpty)
    }
  }

  @Test func `a document is reviewed like a post`() throws {
    var world = World.populated(policy: ApprovalPolicy(approvals: 1))
    var body = CreateDocument()
    body.campaign = World.campaign
    body.subject = world.newID()
    body.documentKind = "brief"
    var content = world.firstContent(of: body.subject, by: World.emil, text: "What we say", target: PostTarget())
    content.title = "Brief for spring"
    body.revision = world.attach(.revision(content, salt: world.salt()))
    body.submits = true
    #expect(world.act(World.emil, .createDocument(body)) == .applied(result: body.revision))
    #expect(try world.subject(body.subject).isDocument)
    try world.decide(.approve, on: body.subject, by: World.rita)
    #expect(try world.state(body.subject) == .approved)
  }

  @Test func `who is taken out of a campaign no longer sees it`() throws {
    var world = World.populated()
    let subject = world.post()
    var body = SetCampaignMembers()
    body.campaign = World.campaign
    body.members = [World.emil.id]
    #expect(world.act(World.rita, .setCampaignMembers(body)) == .rejected(.notPermitted))
    #expect(world.act(World.olga, .setCampaignMembers(body)) == .rejected(.notFound))
    #expect(world.act(World.emil, .setCampaignMembers(body)).status == .applied)
    #expect(try world.decide(.approve, on: subject, by: World.rita) == .rejected(.notFound))
    body.members = [World.id(of: "nobody")]
    #expect(world.act(World.emil, .setCampaignMembers(body)) == .rejected(.notFound))
  }

  @Test func `a batch appears whole and leaves no stages behind`() throws {
    var world = World.populated()
    let batch: BatchID = world.newID()
    let (first, staged) = world.stage(batch, index: 0, count: 3)
    let (second, _) = world.stage(batch, index: 1, count: 2)
    #expect(staged.status == .staged)
    #expect(world.scope(.stage(batch, index: 0)) == .staging(World.emil.id))
    #expect(world.importBatch(batch, [first, second], submits: true).status == .applied)
    for post in (first.items + second.items).flatMap(\.posts) { #expect(try world.state(post.subject) == .inReview) }
    #expect(world.store[.stage(batch, index: 0)] == nil && world.store[.stage(batch, index: 1)] == nil)
    let kept = try world.batch(batch)
    #expect(kept.postCount == 5 && kept.itemCount == 5)
    #expect(try #require(world.lastDecided).touched.contains(.campaign(World.campaign)))
    #expect(world.importBatch(batch, [first, second]) == .rejected(.idTaken))
  }

  @Test func `a batch is refused whole if one of its ids is taken`() {
    var world = World.populated()
    let batch: BatchID = world.newID()
    let (stage, _) = world.stage(batch, index: 0)
    var taken = world.newItem(by: World.edda)
    taken.item = stage.items[1].item
    world.create(taken, by: World.edda)
    #expect(world.importBatch(batch, [stage]) == .rejected(.idTaken))
    #expect(world.store[.item(stage.items[0].item)] == nil)
    #expect(world.store[.stage(batch, index: 0)] != nil)
  }

  @Test func `a batch needs all its stages, from the same member, as they were signed for`() {
    var world = World.populated()
    let batch: BatchID = world.newID()
    let (first, _) = world.stage(batch, index: 0)
    #expect(world.importBatch(batch, [first], stageCount: 2) == .rejected(.stageMissing))
    #expect(world.importBatch(batch, [first], by: World.edda) == .rejected(.stageMissing))
    #expect(world.importBatch(batch, [first, first], stageCount: 1) == .rejected(.stageMismatch))
    #expect(world.importBatch(batch, [first], stageCount: 5_000) == .rejected(.batchTooLarge))
    #expect(world.importBatch(batch, [first]).status == .applied)
  }

  @Test func `a stage is gone after thirty days`() {
    var world = World.populated()
    let batch: BatchID = world.newID()
    let (stage, _) = world.stage(batch, index: 0)
    world.now += 30 * 86_400_000 - 5_000
    var late = world
    late.now += 10_000
    #expect(world.importBatch(batch, [stage]).status == .applied)
    #expect(late.importBatch(batch, [stage]) == .rejected(.stageMissing))
  }

  @Test func `a stage that has expired gives its place to another, and one that waits does not`() {
    var world = World.populated()
    let batch: BatchID = world.newID()
    _ = world.stage(batch, index: 0)
    #expect(world.stage(batch, index: 0).1 == .rejected(.idTaken))
    world.now += StageEntity.lifetimeMilliseconds - 5_000
    #expect(world.stage(batch, index: 0).1 == .rejected(.idTaken))
    world.now += 10_000
    let (stage, again) = world.stage(batch, index: 0, by: World.edda)
    #expect(again.status == .staged)
    #expect(world.scope(.stage(batch, index: 0)) == .staging(World.edda.id))
    #expect(world.importBatch(batch, [stage], by: World.edda).status == .applied)
  }

  @Test func `a batch of more than 10,000 posts is refused`() {
    var world = World.populated()
    let batch: BatchID = world.newID()
    var stages: [StageBatch] = []
    for index in 0..<2 as Range<UInt32> {
      var entity = StageEntity()
      entity.batch = batch
      entity.index = index
      entity.member = World.emil.id
      entity.atMilliseconds = world.now
      for _ in 0..<101 {
        var item = NewItem()
        item.posts = Array(repeating: NewPost(), count: 50)
        entity.items.append(item)
      }
      world.put(.staging(World.emil.id), .stage(entity))
      var body = StageBatch()
      body.batch = batch
      body.index = index
      body.items = entity.items
      stages.append(body)
    }
    #expect(world.importBatch(batch, stages) == .rejected(.batchTooLarge))
  }
}
