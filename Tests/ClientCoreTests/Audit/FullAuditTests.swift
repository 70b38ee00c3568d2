// The whole ledger is for admins. Whoever asks for it without being one is told so, and nothing else comes of it.
import ReviewModel
import Storage
import Synchronization
import Testing

@testable import ClientCore

struct FullAuditTests {
  private func reviewed() async throws -> (world: World, reviewer: Profile) {
    let world = try World()
    let editor = try await world.enrol("editor", [.admin, .editor], name: "Ada")
    let reviewer = try await world.enrol("reviewer", [.reviewer], name: "Rita")
    _ = try await editor.sync()
    _ = try await reviewer.sync()
    return (world, reviewer)
  }

  @Test func `a reviewer is refused before anything is done`() async throws {
    let (_, reviewer) = try await reviewed()
    let before = try reviewer.status()
    await #expect(throws: ClientError(.notPermitted, "")) { try await reviewer.auditFull() }
    #expect(try reviewer.status() == before)
  }

  @Test func `a device that does not know its roles is refused by the server, and not stopped`() async throws {
    let (world, _) = try await reviewed()
    world.caches.withLock { $0["reviewer/cache.sqlite"] = nil }
    let reviewer = try world.open("reviewer")
    await #expect(throws: ClientError(.notPermitted, "")) { try await reviewer.auditFull() }
    #expect(try reviewer.status().connection == "synced")
    #expect(try await reviewer.sync().digest == "match")
  }

  // MARK: What the device is shown

  /// An admin's device after a reviewer has rejected a post, and the cache behind it.
  private func decided() async throws -> (admin: Profile, cache: MemoryCacheStore) {
    let (world, reviewer) = try await reviewed()
    let admin = try world.open("editor")
    _ = try admin.importBatch(Content.file(), media: [:], submits: true)
    _ = try await admin.sync()
    _ = try await reviewer.sync()
    let post = try #require(try reviewer.list(SubjectQuery()).first)
    _ = try reviewer.decide("reject", targets: [(post: post.post, revision: post.revision)], reason: "Too early")
    _ = try await reviewer.sync()
    _ = try await admin.sync()
    let cache = try #require(world.caches.withLock { $0["editor/cache.sqlite"] })
    return (admin, cache)
  }

  private static func withoutStanding(_ value: EntityValue) -> Tampering {
    guard case .subject(var subject) = value, !subject.standing.isEmpty else { return .keep }
    subject.standing = []
    return .put(.subject(subject))
  }

  @Test func `rows that differ, are missing or are unfounded are told apart, and a healthy device has none`() async throws {
    let (admin, cache) = try await decided()
    let replay = try await admin.replayOfWholeLedger(nil)
    #expect(try admin.differences(from: replay).isEmpty)
    try cache.tamper(.subject, Self.withoutStanding)
    #expect(try admin.differences(from: replay).values.map { $0 } == [.differs])
    try cache.tamper(.decision) { _ in .drop }
    let found = try admin.differences(from: replay)
    #expect(found.count == 2 && found.first(where: { $0.key.key.kind == .decision })?.value == .missing)
    let invented = EntityValue.pause(PauseEntity())
    _ = try cache.apply(
      fetched: [ScopedRow(scope: .tenant, row: StoredRow(key: invented.key, seq: 1_000_000, payload: invented.payload))])
    #expect(try admin.differences(from: replay)[BasePlace(scope: .tenant, key: invented.key)] == .unfounded)
  }

  @Test func `a device that is shown something else than the ledger makes is told by the full audit`() async throws {
    let (admin, cache) = try await decided()
    let report = try await admin.auditFull { progress in
      guard progress.phase == "proving" else { return }
      // After every comparison, as a server would that lies about its digests, too. If it fails, the audit finds nothing.
      try? cache.tamper(.subject, Self.withoutStanding)
    }
    #expect(!report.ok)
    #expect(report.problems.filter { $0.contains("is not what the ledger makes of it") }.count == 1)
    #expect(try await admin.auditFull().problems == [])
  }
}
