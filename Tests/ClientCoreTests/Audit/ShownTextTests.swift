// Seen is signed: a text that is not the one its digest names is never shown, listed or found, and nothing is signed for it.
import ReviewModel
import Storage
import SyncEngine
import Synchronization
import Testing
import Trust

@testable import ClientCore

struct ShownTextTests {
  private struct Desk {
    let world: World
    let editor: Profile
    let reviewer: Profile
    let cache: MemoryCacheStore
    let posts: [SubjectSummary]
  }

  /// A reviewer with four posts to decide on, and the cache behind the profile.
  private func desk() async throws -> Desk {
    let world = try World()
    let people = try await world.submitted()
    return Desk(
      world: world, editor: people.editor, reviewer: people.reviewer, cache: people.cache,
      posts: try people.reviewer.list(SubjectQuery()))
  }

  private func decide(_ desk: Desk, _ post: SubjectSummary, on revision: String? = nil) throws -> ChangeReport {
    try desk.reviewer.decide("approve", targets: [(post: post.post, revision: revision ?? post.revision)], reason: nil)
  }

  /// Nothing of it is shown, and nothing can be made of it.
  private func expectRefused(
    _ desk: Desk, _ post: SubjectSummary, on revision: String? = nil, problem: String, _ code: ClientErrorCode
  ) throws {
    let detail = try desk.reviewer.show(post.post)
    #expect(detail.heads.map(\.problem) == [problem] && detail.heads[0].text.isEmpty && detail.summary.text.isEmpty)
    #expect(detail.summary.problem == problem && !detail.allowed.contains("decide"))
    let line = try #require(try desk.reviewer.list(SubjectQuery()).first { $0.post == post.post })
    #expect(line.problem == problem && line.text.isEmpty)
    #expect(throws: ClientError(code, "")) { try decide(desk, post, on: revision) }
    #expect(try desk.reviewer.status().unsent == 0)
  }

  @Test func `a healthy text is shown and decided on, and so is one that is pending`() async throws {
    let desk = try await desk()
    let detail = try desk.reviewer.show(desk.posts[0].post)
    #expect(detail.heads.map(\.problem) == [""] && !detail.heads[0].text.isEmpty && detail.allowed.contains("decide"))
    #expect(try decide(desk, desk.posts[0]).results.map(\.status) == ["queued"])
    _ = try desk.editor.revise(post: desk.posts[1].post, edit: RevisionEdit(text: "Wash them twice."))
    let pending = try desk.editor.show(desk.posts[1].post)
    #expect(pending.heads.map(\.text) == ["Wash them twice."] && pending.heads.map(\.problem) == [""])
  }

  @Test func `content changed under its digest is not shown, found or signed`() async throws {
    let desk = try await desk()
    #expect(try desk.reviewer.search("Wash", limit: 10).count == 4)
    try desk.cache.tamper(.revision) { value in
      guard case .revision(var revision) = value else { return .keep }
      revision.part[revision.part.count - 1] ^= 1
      return .put(.revision(revision))
    }
    #expect(try desk.reviewer.search("Wash", limit: 10).isEmpty)
    try expectRefused(desk, desk.posts[0], problem: "damaged", .damaged)
    #expect(throws: ClientError(.damaged, "")) { try desk.reviewer.diff(desk.posts[0].post) }
    #expect(try desk.reviewer.history(desk.posts[0].post).filter { $0.action == "created" }.map(\.detail) == ["(damaged)"])
  }

  @Test func `a text that is withheld is not signed`() async throws {
    let desk = try await desk()
    try desk.cache.tamper(.revision) { _ in .drop }
    try expectRefused(desk, desk.posts[0], problem: "not_held", .notFound)
  }

  @Test(arguments: [false, true])
  func `another post's text under its own right digest is not signed for this one`(_ isClaimed: Bool) async throws {
    let desk = try await desk()
    let stolen = try #require(Digest(hex: desk.posts[1].revision))
    let thief = try #require(SubjectID(hex: desk.posts[0].post))
    try desk.cache.tamper(.subject) { value in
      guard case .subject(var subject) = value, subject.id == thief else { return .keep }
      subject.heads = [stolen]
      return .put(.subject(subject))
    }
    if isClaimed {
      try desk.cache.tamper(.revision) { value in
        guard case .revision(var revision) = value, revision.digest == stolen else { return .keep }
        revision.subject = thief
        return .put(.revision(revision))
      }
    }
    try expectRefused(desk, desk.posts[0], on: stolen.hex, problem: "damaged", .damaged)
    if isClaimed {
      #expect(throws: ClientError(.damaged, "")) { try decide(desk, desk.posts[1]) }
    } else {
      #expect(try decide(desk, desk.posts[1]).results.map(\.status) == ["queued"])
    }
  }

  @Test func `a row that names itself otherwise, or a text for another platform, is not signed`() async throws {
    let desk = try await desk()
    let renamed = try #require(Digest(hex: desk.posts[0].revision))
    let moved = try #require(SubjectID(hex: desk.posts[1].post))
    try desk.cache.tamper(.revision) { value in
      guard case .revision(var revision) = value, revision.digest == renamed else { return .keep }
      revision.digest = .zero
      return .put(.revision(revision))
    }
    try desk.cache.tamper(.subject) { value in
      guard case .subject(var subject) = value, subject.id == moved else { return .keep }
      subject.target.platform = "elsewhere"
      return .put(.subject(subject))
    }
    #expect(try desk.reviewer.show(desk.posts[0].post).heads.map(\.problem) == ["damaged"])
    #expect(throws: ClientError(.damaged, "")) { try decide(desk, desk.posts[0]) }
    try expectRefused(desk, desk.posts[1], problem: "damaged", .damaged)
    #expect(try decide(desk, desk.posts[2]).results.map(\.status) == ["queued"])
  }

  @Test func `an erased text is shown as erased, and not signed`() async throws {
    let desk = try await desk()
    try desk.cache.tamper(.revision) { .put($0.withoutWords) }
    let detail = try desk.reviewer.show(desk.posts[0].post)
    #expect(detail.heads.map(\.isErased) == [true] && detail.heads.map(\.problem) == [""] && detail.summary.isErased)
    #expect(try desk.reviewer.list(SubjectQuery()).allSatisfy { $0.isErased && $0.problem.isEmpty })
    #expect(!detail.allowed.contains("decide"))
    #expect(throws: ClientError(.rejected, "")) { try decide(desk, desk.posts[0]) }
    #expect(try desk.reviewer.status().unsent == 0)
  }

  @Test func `one damaged text among many keeps all of them from being signed, and is named`() async throws {
    let desk = try await desk()
    let damaged = try #require(Digest(hex: desk.posts[2].revision))
    try desk.cache.tamper(.revision) { value in
      guard case .revision(var revision) = value, revision.digest == damaged else { return .keep }
      revision.part = []
      return .put(.revision(revision))
    }
    let targets = desk.posts.map { (post: $0.post, revision: $0.revision) }
    do {
      _ = try desk.reviewer.decide("approve", targets: targets, reason: nil)
      Issue.record("it was signed")
    } catch {
      #expect(error.code == .damaged && error.details == [desk.posts[2].post] && !error.remedy.isEmpty)
    }
    #expect(try desk.reviewer.status().unsent == 0)
  }

  @Test func `nothing is submitted or revised from what is damaged, and a remark does not say that it was read`() async throws {
    let desk = try await desk()
    _ = try desk.editor.importBatch(Content.file("Summer", items: 1), media: [:], submits: false)
    _ = try await desk.editor.sync()
    let cache = try #require(desk.world.caches.withLock { $0["editor/cache.sqlite"] })
    let draft = try #require(try desk.editor.list(SubjectQuery(states: ["draft"])).first)
    try cache.tamper(.revision) { value in
      guard case .revision(var revision) = value else { return .keep }
      revision.part[revision.part.count - 1] ^= 1
      return .put(.revision(revision))
    }
    #expect(throws: ClientError(.damaged, "")) {
      try desk.editor.submit(targets: [(post: draft.post, revision: draft.revision)])
    }
    #expect(throws: ClientError(.damaged, "")) {
      try desk.editor.revise(post: draft.post, edit: RevisionEdit(text: "Wash your feet."))
    }
    _ = try desk.editor.comment(post: draft.post, text: "What is this?")
    let queued = try #require(try desk.editor.outbox.unanswered().last?.mutation)
    guard case .known(.comment(let remark)) = try Mutation.decode(queued.body) else {
      Issue.record("no remark was queued")
      return
    }
    #expect(remark.revision == nil)
  }
}
