// The implementations that the suites run on, each made anew for a test.
import Storage
import StorageSQLite
import Testing

enum StoreFlavour: String, CaseIterable, CustomTestStringConvertible {
  case memory, sqlite

  var testDescription: String { rawValue }

  func withOutbox(_ body: (any OutboxStore) throws -> Void) throws {
    switch self {
    case .memory: try body(MemoryOutboxStore())
    case .sqlite:
      let folder = try ScratchFolder()
      let store = try SQLiteOutboxStore.open(path: folder.path("outbox.sqlite"))
      try body(store)
      try store.close()
    }
  }

  func withCache(_ body: (any CacheStore) throws -> Void) throws {
    switch self {
    case .memory: try body(MemoryCacheStore())
    case .sqlite:
      let folder = try ScratchFolder()
      let store = try SQLiteCacheStore.open(path: folder.path("cache.sqlite"))
      try body(store)
      try store.close()
    }
  }
}
