// A try that failed is told by whoever asks next, in another process too, until a session opens again.
import ReviewModel
import Storage
import Synchronization
import Testing

@testable import ClientCore

struct FailedTryTests {
  private func reviewed() async throws -> (world: World, reviewer: Profile) {
    let world = try World()
    let reviewer = try await world.enrol("reviewer", [.reviewer], name: "Rita")
    _ = try await reviewer.sync()
    world.network.withLock { $0.isCut = true }
    return (world, reviewer)
  }

  @Test func `a failed sync is told by the next process, until one succeeds`() async throws {
    let (world, reviewer) = try await reviewed()
    #expect(try reviewer.status().failedTryAt.isEmpty)
    await #expect(throws: ClientError(.unreachable, "")) { try await reviewer.sync() }
    let told = try world.open("reviewer").status()
    #expect(told.connection == "failing")
    #expect(!told.failedTryAt.isEmpty && told.failedTryReason.contains("cannot be reached"))
    #expect(told.nextTryAt.isEmpty, "nobody tries again by itself")
    world.network.withLock { $0.isCut = false }
    _ = try await reviewer.sync()
    let after = try world.open("reviewer").status()
    #expect(after.connection == "synced" && after.failedTryAt.isEmpty && after.failedTryReason.isEmpty)
  }

  @Test func `while a live session runs, its next try is told, and not after its end`() async throws {
    let (world, reviewer) = try await reviewed()
    let other = try world.open("reviewer")
    for await event in reviewer.watch() {
      guard case .disconnected(_, let retry) = event else { continue }
      #expect(retry != nil)
      #expect(try !other.status().nextTryAt.isEmpty)
      break
    }
    while try world.files.isLocked("reviewer/watch") { await Task.yield() }
    let told = try other.status()
    #expect(!told.failedTryAt.isEmpty && told.nextTryAt.isEmpty)
  }

  @Test func `what is kept is read again, whatever the reason says`() {
    let failed = FailedTry(atMilliseconds: 5, nextMilliseconds: 9, reason: "Nobody answers (no detail); check.")
    #expect(FailedTry(text: failed.text) == failed)
    let last = FailedTry(atMilliseconds: 5, nextMilliseconds: nil, reason: "")
    #expect(FailedTry(text: last.text) == last)
    #expect(FailedTry(text: "nonsense") == nil)
    #expect(
      FailedTry(atMilliseconds: 1, nextMilliseconds: nil, reason: String(repeating: "x", count: 9_999)).reason.count == 500)
  }
}
