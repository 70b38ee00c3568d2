// Bugs of the kind that only a disk shows, put in between SQLite and the simulated disk or into SQLite's settings. A run
// with one of them uses SQLite.

package enum PlantedDiskBug: String, Sendable, CaseIterable {
  /// The disk says that it has synced, and has not.
  case skipSync = "skip_sync"
  /// The server's commits are not synced (`synchronous = NORMAL`), as a pool of connections sets it by itself.
  case weakServer = "weak_server"
  /// Nothing on the server is synced (`synchronous = OFF`).
  case unsyncedServer = "unsynced_server"
  /// The outbox's commits are not synced.
  case weakOutbox = "weak_outbox"
  /// The server answers before its commit is on the disk.
  case answerBeforeCommit = "answer_before_sync"
  /// Now and then only half of a page is written into the database, and nobody is told.
  case halfPage = "half_page"
  /// A program clears away, when it starts, what lies beside its database: the write-ahead log.
  case forgetLog = "forget_log"
}
