// The view that grows command by command is the view of a whole replay, whatever was done in whatever order.
import ReviewModel
import Storage
import SyncEngine
import Synchronization
import Testing

@testable import ClientCore

struct ReplayTests {
  /// A small generator with a seed, so that a failure can be repeated.
  private struct Dice {
    var state: UInt64

    mutating func roll(_ sides: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(1, sides)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func `incremental views equal a full replay`(_ seed: UInt64) async throws {
    let world = try World()
    let profile = try await world.enrol("all", [.admin, .editor, .reviewer], name: "Ada")
    let other = try await world.enrol("other", [.editor, .reviewer], name: "Ben")
    _ = try await other.sync()
    _ = try other.importBatch(Content.file(items: 3), media: [:], submits: true)
    _ = try await other.sync()
    _ = try await profile.sync()
    var dice = Dice(state: seed)
    for step in 0..<40 {
      try act(profile, &dice, step: step)
      try expectFullReplay(world, profile, "seed \(seed), step \(step)")
    }
    let before = try profile.list(SubjectQuery()).count
    let report = try await profile.sync()
    #expect(report.unsent == 0 && report.digest == "match")
    #expect(try profile.list(SubjectQuery()).count == before)
    #expect(try profile.list(SubjectQuery()).allSatisfy { !$0.isPending })
    #expect(try profile.audit().problems == [])
  }

  private func act(_ profile: Profile, _ dice: inout Dice, step: Int) throws {
    let posts = try profile.list(SubjectQuery())
    let post = posts[dice.roll(posts.count)]
    let target = [(post: post.post, revision: post.revision)]
    switch dice.roll(9) {
    case 0: _ = try profile.decide("approve", targets: target, reason: nil)
    case 1: _ = try profile.decide("reject", targets: target, reason: "No \(step)")
    case 2: _ = try profile.comment(post: post.post, text: "Remark \(step)", isInternal: dice.roll(2) == 0)
    case 3:
      _ = try profile.revise(post: post.post, edit: RevisionEdit(text: "Text of step \(step)"), isDraft: dice.roll(3) == 0)
    case 4:
      _ = try profile.importBatch(
        Content.file("Spring \(dice.roll(2))", items: 1), media: [:], submits: dice.roll(2) == 0, again: true)
    case 5: _ = try profile.submit(targets: target)
    case 6: _ = try profile.undo(count: 1)
    case 7: _ = try profile.show(post.post)
    default: _ = try profile.withdraw(posts: [post.post], reason: "Step \(step)")
    }
  }

  private func expectFullReplay(_ world: World, _ profile: Profile, _ what: String) throws {
    let cache = try #require(world.caches.withLock { $0["all/cache.sqlite"] })
    let full = cache.copy()
    _ = try profile.list(SubjectQuery())
    try ViewKeeper(cache: full, outbox: profile.outbox, actor: profile.actor).refresh(changed: nil)
    let keys = try cache.overlayKeys()
    #expect(try full.overlayKeys() == keys, "\(what)")
    #expect(try full.view(Array(keys)) == cache.view(Array(keys)), "\(what)")
    #expect(try full.list(SubjectFilter()) == cache.list(SubjectFilter()), "\(what)")
  }
}
