// Keeps stores open until the process ends. SQLite writes a log back into its file when the last connection closes, and
// waits for the disk several times; what a command has saved is durable in the log already, so a short one need not.
import Glibc
import Storage
import StorageSQLite
import Synchronization

enum OpenStores {
  private struct Held: Sendable {
    let path: String
    let close: @Sendable () throws -> Void
  }

  /// A log that is longer is written back when a command ends: whoever opens the file next reads all of the log.
  private static let logBytesLimit = 512 << 10
  private static let held = Mutex<[Held]>([])

  static func hold(_ store: SQLiteOutboxStore, path: String) -> SQLiteOutboxStore {
    held.withLock { $0.append(Held(path: path) { try store.close() }) }
    return store
  }

  static func hold(_ store: SQLiteCacheStore, path: String) -> SQLiteCacheStore {
    held.withLock { $0.append(Held(path: path) { try store.close() }) }
    return store
  }

  /// At the very end, when everything has been said: closes the stores with long logs.
  static func settle() {
    for store in held.withLock({ $0 }) {
      var information = stat()
      guard stat(store.path + "-wal", &information) == 0, information.st_size > logBytesLimit else { continue }
      // A store that does not close keeps its log, which loses nothing.
      try? store.close()
    }
  }
}
