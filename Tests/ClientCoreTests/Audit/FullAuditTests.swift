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
}
