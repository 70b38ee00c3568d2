// A device whose files were copied: what it had offered under its old identity is answered under the new one, once.
import ReviewModel
import Storage
import SyncEngine
import Synchronization
import Testing
import Transport

@testable import ClientCore

struct CopiedDeviceTests {
  private struct Play {
    let world: World
    let editor: Profile
    let original: Profile
    let copy: Profile
    let posts: [SubjectSummary]
    /// Offered by both, one of them refused; then one of the copy alone.
    let mutations: [String]
  }

  /// Two devices with the same files: both have offered the same decisions and then something of their own, and the
  /// original was first.
  private func played() async throws -> Play {
    let world = try World()
    let editor = try await world.enrol("editor", [.admin, .editor], name: "Ada")
    let original = try await world.enrol("reviewer", [.reviewer], name: "Rita")
    _ = try await editor.sync()
    _ = try editor.importBatch(Content.file(), media: [:], submits: true)
    _ = try await editor.sync()
    _ = try await original.sync()
    let posts = try original.list(SubjectQuery(waitsForMe: true))
    _ = try editor.revise(post: posts[1].post, edit: RevisionEdit(text: "Soap comes first."))
    _ = try await editor.sync()

    func approve(_ profile: Profile, _ index: Int) throws -> [String] {
      try profile.decide("approve", targets: [(posts[index].post, posts[index].revision)], reason: nil).mutations
    }
    let shared = try approve(original, 0) + approve(original, 1)
    try copyFiles(world)
    let copy = try world.open("copy")
    _ = try original.comment(post: posts[2].post, text: "Said by the original.")
    let own = try approve(copy, 3)
    try offer(copy)
    _ = try await original.sync()
    return Play(world: world, editor: editor, original: original, copy: copy, posts: posts, mutations: shared + own)
  }

  private func copyFiles(_ world: World) throws {
    try world.files.write("copy/identity", try #require(try world.files.read("reviewer/identity")))
    world.outboxes.withLock { $0["copy/outbox.sqlite"] = $0["reviewer/outbox.sqlite"]?.copy() }
    world.caches.withLock { $0["copy/cache.sqlite"] = $0["reviewer/cache.sqlite"]?.copy() }
  }

  /// What a session does before it writes its first byte; the connection was lost then.
  private func offer(_ profile: Profile) throws {
    let identity = profile.openIdentity
    let signing = EnvelopeSigning(
      tenant: identity.tenant, key: try identity.deviceKey(),
      checkpoint: try profile.outbox.checkpoints().last?.checkpoint
        ?? SeenCheckpoint())
    let offered = try profile.outbox.offer(lane: 1, limit: OfferLimit(mutations: 10, bytes: 1 << 20)) { row, last in
      signing.sign(row.mutation, number: row.number ?? 0, previousHash: last.hash)
    }
    #expect(offered.count == 3)
  }

  @Test func `what was offered under the old identity is answered once under the new one`() async throws {
    let play = try await played()
    let before = play.copy.deviceID
    let report = try await play.copy.sync()
    #expect(report.unsent == 0 && report.refused == 1 && report.digest == "match")
    #expect(play.copy.deviceID != before && play.original.deviceID == before)

    let outcomes = try play.copy.outcomes(refusedOnly: false, limit: 100)
    #expect(outcomes.map(\.mutation).sorted() == play.mutations.sorted(), "each is answered, and told once")
    let codes = Dictionary(outcomes.map { ($0.mutation, $0.code) }, uniquingKeysWith: { $0 + $1 })
    #expect(play.mutations.map { codes[$0] } == ["", "stale_revision", ""])
    for (index, mutation) in play.mutations.enumerated() {
      let id = try #require(MutationID(hex: mutation))
      let answer = try #require(try play.copy.outbox.row(mutation: id)?.answer)
      let first = try play.original.outbox.row(mutation: id)?.answer?.ledgerIndex
      // The first outcome is repeated, and says whose repetition it is.
      #expect(try LeafRecord(tolerating: answer.leafRecord).outcome.duplicateOf == first, "mutation \(index)")
      #expect((first == nil) == (index == 2))
    }
  }

  @Test func `nothing is doubled and nothing is lost`() async throws {
    let play = try await played()
    _ = try await play.copy.sync()
    _ = try await play.original.sync()
    _ = try await play.editor.sync()
    for profile in [play.editor, play.original, play.copy] {
      let details = try play.posts.map { try profile.show($0.post, markRead: false) }
      #expect(details.map(\.decisions.count) == [1, 0, 0, 1])
      #expect(details[2].comments.map(\.text) == ["Said by the original."])
      #expect(try profile.audit().problems == [])
    }
    #expect(try await play.editor.auditFull().problems == [])
    let again = try await play.copy.sync()
    #expect(again.sent == 0, "a repetition is not repeated")
  }

  @Test func `a sync whose last session only gave a new identity has not synced`() async throws {
    let world = try World()
    let original = try await world.enrol("reviewer", [.reviewer], name: "Rita")
    _ = try await original.sync()
    try copyFiles(world)
    _ = try original.pause(reason: "Now")
    _ = try await original.sync()
    var environment = world.environment()
    let connect = environment.connect
    let losses = Mutex(SyncRun.attemptsLimit - 1)
    environment.connect = { address, seconds in
      let isLost = losses.withLock { left in
        defer { left = max(0, left - 1) }
        return left > 0
      }
      guard isLost else { return try await connect(address, seconds) }
      let (client, server) = InMemoryPipe.makePair()
      await server.close(code: 1000, reason: "")
      return client
    }
    let copy = try world.open("copy", in: environment)
    await #expect(throws: ClientError(.unreachable, "")) { try await copy.sync() }
    #expect(copy.deviceID != original.deviceID, "it was found to be a copy in the last session")
    #expect(try await copy.sync().digest == "match")
  }
}
