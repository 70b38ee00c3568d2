// Where many tests begin: an editor has submitted a small batch, and a reviewer holds it.
import ReviewModel
import Storage
import Synchronization
import Testing

@testable import ClientCore

extension World {
  /// People with their devices, synced, and the cache behind the reviewer's.
  struct Submitted {
    let editor: Profile
    let reviewer: Profile
    let cache: MemoryCacheStore
  }

  func submitted() async throws -> Submitted {
    let editor = try await enrol("editor", [.admin, .editor], name: "Ada")
    _ = try await editor.sync()
    _ = try editor.importBatch(Content.file(), media: [:], submits: true)
    _ = try await editor.sync()
    let reviewer = try await enrol("reviewer", [.reviewer], name: "Rita")
    _ = try await reviewer.sync()
    let cache = try #require(caches.withLock { $0["reviewer/cache.sqlite"] })
    return Submitted(editor: editor, reviewer: reviewer, cache: cache)
  }
}
