// The same mutations on the same state give the same bytes: on the server, on a device, and in an audit.
import ReviewModel
import ReviewRules
import Testing
import Trust

@Suite struct DeterminismTests {
  private func story() throws -> World {
    var world = World.populated()
    let subject = try world.conflictedPost()
    try world.merge(subject, heads: world.subject(subject).heads, text: "Drink enough tea or juice.")
    try world.decide(.requestChanges, on: subject, by: World.rita)
    world.act(World.rita, .comment(world.commenting(subject, text: "Which?")))
    let merged = world.post(text: "one two three")
    let base = try world.head(merged)
    try world.revise(merged, base: base, by: World.emil, text: "ONE two three")
    try world.revise(merged, base: base, by: World.edda, text: "one two THREE")
    world.withdraw([subject])
    return world
  }

  @Test func `a replay comes to the same bytes`() throws {
    let first = try story()
    let second = try story()
    #expect(first.store.mapValues(\.value.payload) == second.store.mapValues(\.value.payload))
    #expect(first.store.mapValues(\.scope) == second.store.mapValues(\.scope))
  }

  @Test func `what is in the set already needs no loading, and the mutations of a commit see each other`() throws {
    var world = World.populated()
    let item = world.newItem(by: World.emil)
    var create = CreateItem()
    create.campaign = World.campaign
    create.item = item
    create.submits = true
    let parts = PartSet(world.parts)
    var set = WorkingSet()
    let emil = world.context(Actor(member: World.emil.id, device: World.emil.device), mutation: world.newID())
    decide(.createItem(create), parts, emil, world, &set)
    let body = world.deciding(.approve, on: item.posts[0].subject, item.posts[0].revision)
    let rita = world.context(Actor(member: World.rita.id, device: World.rita.device), mutation: world.newID())
    let outcome = decide(.decide(body), PartSet(), rita, world, &set)
    #expect(outcome?.status == .applied)
    let changes = set.takeChanges()
    #expect(changes.filter { $0.key == .subject(item.posts[0].subject) }.count == 1)
    #expect(changes.allSatisfy { $0.before == nil })
  }

  @discardableResult
  private func decide(
    _ mutation: Mutation, _ parts: PartSet, _ context: RuleContext, _ world: World, _ set: inout WorkingSet
  ) -> Outcome? {
    for _ in 0..<10 {
      switch Rules.decide(mutation, parts: parts, context: context, in: &set) {
      case .needs(let keys): for key in keys { set.load(key, world.store[key]) }
      case .decided(let decided): return decided.outcome
      }
    }
    return nil
  }

  @Test func `a decision on 100 posts and an import of 500 need few round trips`() throws {
    var world = World.populated()
    let batch: BatchID = world.newID()
    let stages = (0..<10 as Range<UInt32>).map { world.stage(batch, index: $0, count: 50).0 }
    world.importBatch(batch, stages, submits: true)
    #expect(world.lastRounds == 3)
    let posts = stages.flatMap(\.items).flatMap(\.posts).prefix(100)
    var body = Decide()
    for post in posts {
      var target = DecisionTarget()
      target.decision = world.newID()
      target.subject = post.subject
      target.revision = post.revision
      body.targets.append(target)
    }
    let outcome = world.act(World.rita, .decide(body))
    #expect(world.lastRounds == 3)
    #expect(outcome.targets.count == 100 && outcome.targets.allSatisfy { $0.status == .applied })
  }

  @Test func `absent keys are reported as read`() throws {
    var world = World.populated()
    let unknown: SubjectID = world.newID()
    world.withdraw([unknown])
    #expect(try #require(world.lastDecided).read.contains(.subject(unknown)))
    #expect(try #require(world.lastDecided).touched == [.member(World.emil.id), .device(World.emil.device)])
  }
}
