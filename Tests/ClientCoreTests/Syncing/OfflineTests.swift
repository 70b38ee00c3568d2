// What a device does without a network: commands answer at once, predict, refuse, undo, and wait for the server.
import ReviewModel
import Storage
import Synchronization
import Testing

@testable import ClientCore

struct OfflineTests {
  private func reviewed() async throws -> (world: World, editor: Profile, reviewer: Profile) {
    let world = try World()
    let editor = try await world.enrol("editor", [.admin, .editor], name: "Ada")
    let reviewer = try await world.enrol("reviewer", [.reviewer], name: "Rita")
    _ = try await editor.sync()
    _ = try editor.importBatch(Content.file(), media: [:], submits: true)
    _ = try await editor.sync()
    _ = try await reviewer.sync()
    world.network.withLock { $0.isCut = true }
    return (world, editor, reviewer)
  }

  @Test func `a change is kept when the server cannot be reached, and sent later`() async throws {
    let (world, _, reviewer) = try await reviewed()
    let post = try #require(try reviewer.list(SubjectQuery()).first)
    let report = try reviewer.decide("approve", targets: [(post: post.post, revision: post.revision)], reason: nil)
    guard case .unreachable = await reviewer.trySync(withinMilliseconds: 3_000) else {
      Issue.record("the network is cut")
      return
    }
    await #expect(throws: ClientError(.notConfirmed, "")) {
      try await reviewer.waitUntilAnswered(report.mutations, withinMilliseconds: 20)
    }
    world.network.withLock { $0.isCut = false }
    guard case .synced = await reviewer.trySync(withinMilliseconds: 3_000) else {
      Issue.record("the network is back")
      return
    }
    let answers = try await reviewer.waitUntilAnswered(report.mutations, withinMilliseconds: 20)
    #expect(answers.map(\.status) == ["applied"])
  }

  @Test func `targets that the rules refuse here are not queued`() async throws {
    let (_, _, reviewer) = try await reviewed()
    let posts = try reviewer.list(SubjectQuery())
    let stale = String(repeating: "0", count: 64)
    let report = try reviewer.decide(
      "approve",
      targets: [(posts[0].post, posts[0].revision), (posts[1].post, stale), (String(repeating: "f", count: 32), stale)],
      reason: nil)
    #expect(report.results.map(\.exit).sorted() == [0, 6, 9])
    #expect(report.mutations.count == 1)
    #expect(try reviewer.status().unsent == 1)
    let silent = try reviewer.decide("reject", targets: [(posts[1].post, posts[1].revision)], reason: nil)
    #expect(silent.results.map(\.code) == ["reason_required"] && silent.mutations.isEmpty)
  }

  @Test func `undo takes back what was never offered, newest first`() async throws {
    let (world, _, reviewer) = try await reviewed()
    let posts = try reviewer.list(SubjectQuery())
    _ = try reviewer.decide("approve", targets: [(posts[0].post, posts[0].revision)], reason: nil)
    _ = try reviewer.comment(post: posts[1].post, text: "Why?")
    let first = try reviewer.undo()
    #expect(first.undone.map(\.what) == ["comment of 1 post"])
    #expect(try reviewer.show(posts[1].post).comments.isEmpty)
    let second = try reviewer.undo(count: 5)
    #expect(second.undone.map(\.what) == ["approve of 1 post"] && second.tooLate.isEmpty)
    #expect(try reviewer.list(SubjectQuery(waitsForMe: true)).count == posts.count)
    world.network.withLock { $0.isCut = false }
    #expect(try await reviewer.sync().sent == 0)
  }

  @Test func `undo takes back all of a delegation that was split by campaign`() async throws {
    let (world, editor, reviewer) = try await reviewed()
    world.network.withLock { $0.isCut = false }
    _ = try await world.enrol("other", [.reviewer], name: "Rolf")
    _ = try editor.importBatch(Content.file("Summer"), media: [:], submits: true)
    for profile in [editor, reviewer] { _ = try await profile.sync() }
    let posts = try reviewer.list(SubjectQuery(waitsForMe: true)).map(\.post)
    let report = try reviewer.delegate(posts: posts, to: "Rolf")
    #expect(report.mutations.count == 2, "one for each campaign")
    #expect(try reviewer.list(SubjectQuery(waitsForMe: true)).isEmpty)
    let undo = try reviewer.undo()
    #expect(undo.undone.map(\.mutations.count) == [2] && undo.tooLate.isEmpty)
    #expect(try Set(reviewer.list(SubjectQuery(waitsForMe: true)).map(\.post)) == Set(posts))
    #expect(try reviewer.status().unsent == 0)
  }

  @Test func `deciding again replaces the own decision, offline too`() async throws {
    let (world, _, reviewer) = try await reviewed()
    let post = try #require(try reviewer.list(SubjectQuery()).first)
    _ = try reviewer.decide("approve", targets: [(post.post, post.revision)], reason: nil)
    _ = try reviewer.decide("reject", targets: [(post.post, post.revision)], reason: "On reflection")
    #expect(try reviewer.show(post.post).summary.state == "rejected")
    world.network.withLock { $0.isCut = false }
    _ = try await reviewer.sync()
    let detail = try reviewer.show(post.post)
    #expect(detail.decisions.map(\.status) == ["replaced", "standing"])
    #expect(try reviewer.history(post.post).map(\.action).contains("reject"))
    #expect(try reviewer.audit().problems == [])
  }

  @Test func `short references mean one thing or are told apart`() async throws {
    let (_, _, reviewer) = try await reviewed()
    let post = try #require(try reviewer.list(SubjectQuery()).first)
    let found = try reviewer.resolve(post.post.prefix(8) + "@" + post.revision.prefix(8))
    #expect(found == SubjectReference(post: post.post, revision: post.revision, current: post.revision))
    #expect(throws: ClientError(.badInput, "")) { try reviewer.resolve("zz") }
    #expect(throws: ClientError(.notFound, "")) { try reviewer.resolve("00000000000") }
    #expect(try reviewer.search("wash linkedin", limit: 10).count == 2)
  }

  @Test func `a second process appends while another one syncs`() async throws {
    let (world, _, reviewer) = try await reviewed()
    world.network.withLock { $0.isCut = false }
    let events = reviewer.watch()
    let other = try world.open("reviewer")
    let post = try #require(try other.list(SubjectQuery()).first)
    var isOpen = false
    var mutations: [String] = []
    for await event in events {
      if case .connected = event {
        isOpen = true
        mutations = try other.decide("approve", targets: [(post.post, post.revision)], reason: nil).mutations
        #expect(await other.trySync(withinMilliseconds: 3_000) == .poked)
      }
      if case .outcome(let outcome) = event {
        #expect(outcome.status == "applied" && mutations.contains(outcome.mutation))
        break
      }
    }
    #expect(isOpen)
    #expect(try await other.waitUntilAnswered(mutations, withinMilliseconds: 1_000).map(\.status) == ["applied"])
  }
}
