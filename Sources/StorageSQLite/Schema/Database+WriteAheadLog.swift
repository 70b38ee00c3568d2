// Emptying a write-ahead log: the old contents of pages stay readable in it until it is written over, long after what was in
// them was erased from the database.
import CSQLite
import GRDB
import GRDBSQLite

extension Database {
  /// Reading takes milliseconds. Whoever reads for longer is not waited for: commits stand still meanwhile.
  private static let readersMilliseconds: Int32 = 200

  /// Whether the last connection copies the log into the database when it closes, and removes it.
  func checkpointsOnClose(_ does: Bool) {
    // Safe: the connection is open as long as GRDB lends it. It fails only for options that SQLite does not know.
    _ = countersign_keep_log_on_close(sqliteConnection, does ? 0 : 1)
  }

  /// Copies the log into the database and cuts it to nothing. Not inside of a transaction. With readers in the way the log
  /// stays, which is no error.
  func emptyWriteAheadLog() throws {
    let usual = try Int32.fetchOne(self, sql: "PRAGMA busy_timeout") ?? 0
    sqlite3_busy_timeout(sqliteConnection, min(usual, Self.readersMilliseconds))
    defer { sqlite3_busy_timeout(sqliteConnection, usual) }
    try execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
  }
}
