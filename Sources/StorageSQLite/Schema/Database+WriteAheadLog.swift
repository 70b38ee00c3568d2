// Emptying a write-ahead log: the old contents of pages stay readable in it until it is written over, long after what was in
// them was erased from the database.
import CSQLite
import GRDB
import GRDBSQLite

extension Database {
  /// Reading takes milliseconds. Whoever reads for longer is not waited for: commits stand still meanwhile.
  private static let readersMilliseconds: Int32 = 200
  /// As much as the largest page: SQLite on Unix writes no more than 128 KiB less one byte in one call.
  private static let renewedBytesAtOnce: Int64 = 1 << 16

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

  /// Writes the log's bytes once more and syncs them. After a sync that failed, the system counts as written what it has not
  /// written: later syncs say yes and save nothing of it. Only what is written again is.
  ///
  /// Inside of an immediate transaction, so that nobody appends meanwhile; whoever reads sees the same bytes as before.
  func renewWriteAheadLog() throws {
    var found: UnsafeMutablePointer<sqlite3_file>?
    let code = sqlite3_file_control(sqliteConnection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &found)
    guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    // SQLite's file without methods is one that is not open: no log, nothing to renew.
    guard let log = found, let methods = log.pointee.pMethods?.pointee else { return }
    func check(_ code: Int32?) throws {
      guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code ?? SQLITE_MISUSE)) }
    }
    var byteCount: Int64 = 0
    try check(methods.xFileSize?(log, &byteCount))
    var offset: Int64 = 0
    while offset < byteCount {
      var piece = [UInt8](repeating: 0, count: Int(min(byteCount - offset, Self.renewedBytesAtOnce)))
      try check(methods.xRead?(log, &piece, Int32(piece.count), offset))
      try check(methods.xWrite?(log, piece, Int32(piece.count), offset))
      offset += Int64(piece.count)
    }
    if byteCount > 0 { try check(methods.xSync?(log, SQLITE_SYNC_NORMAL)) }
  }
}
