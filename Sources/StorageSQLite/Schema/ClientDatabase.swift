// One SQLite file of a device: opened cheaply, readable by nobody else, shared by several processes. GRDB's errors leave
// this file as `StorageError`s only.
import GRDB
import Glibc
import Storage
import Synchronization

/// How a client's file differs from another one.
struct ClientFileKind: Sendable {
  let file: StorageError.File
  /// What a person knows it as.
  let name: String
  /// SQLite's `application_id`: tells our files from anybody else's.
  let applicationID: Int32
  let version: Int32
  let schema: String
  /// From each older version that can be read to the one after it. What has none is another program's.
  var migrations: [Int32: String] = [:]
  /// `FULL` survives the loss of power, `NORMAL` may lose the last commits then (never the file's integrity).
  let synchronous: Synchronous
  /// How many pages a connection keeps, at most; memory is taken as pages are read.
  let pageCacheKibibytes: Int

  enum Synchronous: Int32 { case normal = 1, full = 2 }
}

/// A `DatabaseQueue` in WAL mode: other processes read and write beside it, calls of this process take turns. A queue
/// opens one connection where a pool opens two or more, which a command that runs for milliseconds would notice.
final class ClientDatabase: Sendable {
  static let busyTimeoutSecondsLimit = 5.0
  private static let openingAttemptLimit = 100

  private let queue: DatabaseQueue
  private let kind: ClientFileKind
  /// A sync has failed, and what it was to save is renewed before the next commit.
  private let hasFailedSync = Mutex(false)

  /// Opens the file, or makes it with mode 0600.
  /// - Throws: `damaged` if it is not ours, `tooNew` if a newer version wrote it, `busy` if another process holds it.
  init(
    path: String, kind: ClientFileKind, busyTimeoutSeconds: Double, place: DatabasePlace = .files
  ) throws(StorageError) {
    self.kind = kind
    if place.fileSystem == nil { try Self.reserve(path, kind: kind) }
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(min(busyTimeoutSeconds, Self.busyTimeoutSecondsLimit))
      configuration.maximumReaderCount = 1
      queue = try DatabaseQueue(path: place.name(of: path), configuration: configuration)
      try queue.writeWithoutTransaction { database in
        try Self.prepare(database, kind: kind)
        if !place.statements.isEmpty { try database.execute(sql: place.statements) }
      }
    } catch {
      throw Self.storageError(error, kind: kind)
    }
  }

  /// A consistent read: all statements of the body see the same state.
  func read<Answer>(_ body: (Database) throws -> Answer) throws(StorageError) -> Answer {
    // GRDB's own `read` also forbids and allows writing around every call, which costs more than a small read itself.
    try transaction(.deferred, body)
  }

  /// A read of one statement, which is consistent by itself.
  func readOnce<Answer>(_ body: (Database) throws -> Answer) throws(StorageError) -> Answer {
    do { return try queue.unsafeRead(body) } catch { throw Self.storageError(error, kind: kind) }
  }

  /// BEGIN IMMEDIATE … COMMIT: waits for other processes before it reads anything, so that what it read stays true.
  func write<Answer>(_ body: (Database) throws -> Answer) throws(StorageError) -> Answer {
    try transaction(.immediate, body)
  }

  private func transaction<Answer>(
    _ start: Database.TransactionKind, _ body: (Database) throws -> Answer
  ) throws(StorageError) -> Answer {
    do {
      return try queue.writeWithoutTransaction { database in
        var answer: Answer?
        try noticingFailedSyncs(of: database) {
          try database.inTransaction(start) {
            if start != .deferred { try renewLogIfNeeded(database) }
            answer = try body(database)
            return .commit
          }
        }
        guard let answer else { throw StorageError(.inputOutput, "The \(kind.name) did not answer; try again.") }
        return answer
      }
    } catch {
      throw Self.storageError(error, kind: kind)
    }
  }

  /// Empties the write-ahead log, in which erased content stays readable, if nobody is in the way.
  func tryToEmptyLog() {
    // What was committed is kept either way; a log that stays is emptied by a later call, or when the last process closes.
    try? queue.writeWithoutTransaction { database in
      guard !hasFailedSync.withLock({ $0 }) else { return }
      try noticingFailedSyncs(of: database) { try database.emptyWriteAheadLog() }
    }
  }

  /// What a process that was killed has left in the log is not on the disk before the next sync. If that one fails, later ones
  /// say yes without it: whatever they save stands behind a hole, and is gone with the power.
  private func noticingFailedSyncs(of database: Database, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_IOERR_FSYNC {
      hasFailedSync.withLock { $0 = true }
      database.checkpointsOnClose(false)
      throw error
    }
  }

  private func renewLogIfNeeded(_ database: Database) throws {
    guard hasFailedSync.withLock({ $0 }) else { return }
    try database.renewWriteAheadLog()
    hasFailedSync.withLock { $0 = false }
    database.checkpointsOnClose(true)
  }

  func close() throws(StorageError) {
    do { try queue.close() } catch { throw Self.storageError(error, kind: kind) }
  }

  /// Removes a file with what SQLite keeps beside it; no file is no error.
  static func destroy(path: String) throws(StorageError) {
    for suffix in ["", "-wal", "-shm", "-journal"] where unlink(path + suffix) != 0 && errno != ENOENT {
      throw StorageError(.inputOutput, "\(path + suffix) could not be removed (errno \(errno)); remove it by hand.")
    }
  }

  // MARK: Opening

  /// Makes the file before SQLite does, because SQLite would let others read it; the files beside it take over its mode.
  private static func reserve(_ path: String, kind: ClientFileKind) throws(StorageError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let code: StorageError.Code = errno == EACCES || errno == EROFS ? .readOnly : errno == ENOSPC ? .diskFull : .inputOutput
      let sentence = "The \(kind.name) \(path) could not be opened (errno \(errno)); check the folder and its owner."
      throw StorageError(code, sentence, file: kind.file)
    }
    defer { _ = Glibc.close(descriptor) }
    guard fchmod(descriptor, 0o600) == 0 else {
      throw StorageError(
        .readOnly, "The \(kind.name) \(path) belongs to another user; make it yours alone.", file: kind.file)
    }
  }

  private static func prepare(_ database: Database, kind: ClientFileKind) throws {
    try database.execute(
      sql: "PRAGMA synchronous = \(kind.synchronous.rawValue); PRAGMA cache_size = -\(kind.pageCacheKibibytes)")
    // Erased content must not stay in free pages. Not every SQLite is built to see to that by itself.
    try database.execute(sql: "PRAGMA secure_delete = ON")
    guard try Int32.fetchOne(database, sql: "PRAGMA synchronous") == kind.synchronous.rawValue else {
      throw StorageError(.inputOutput, "SQLite does not write the \(kind.name) as safely as it must; use its usual build.")
    }
    var standing = Standing.empty
    // In one transaction, because another process may be making it in between.
    try database.inTransaction(.deferred) {
      standing = try Self.standing(of: database, kind: kind)
      return .commit
    }
    if standing == .empty { try switchToWriteAheadLog(database) }
    if standing != .current {
      try database.inTransaction(.immediate) {
        // Another process may have made or moved it between the check and the lock.
        try bringUpToDate(database, kind: kind)
        return .commit
      }
    }
    guard try String.fetchOne(database, sql: "PRAGMA journal_mode") == "wal" else {
      throw StorageError(.damaged, "Another program changed the \(kind.name): several processes cannot share it any more.")
    }
  }

  private enum Standing: Equatable { case empty, old(Int32), current }

  private static func standing(of database: Database, kind: ClientFileKind) throws -> Standing {
    let version = try Int32.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    let applicationID = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    if applicationID == kind.applicationID, version == kind.version { return .current }
    if applicationID == kind.applicationID, version > kind.version {
      throw StorageError(.tooNew, "The \(kind.name) was written by a newer version; update this program.")
    }
    if applicationID == kind.applicationID, kind.migrations[version] != nil { return .old(version) }
    let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
    guard applicationID == 0, version == 0, isEmpty else {
      throw StorageError(.damaged, "The \(kind.name) is a database of another program; move it away.")
    }
    return .empty
  }

  /// Step by step, each to a version that can be read again.
  private static func bringUpToDate(_ database: Database, kind: ClientFileKind) throws {
    while case let standing = try standing(of: database, kind: kind), standing != .current {
      if case .old(let version) = standing, let migration = kind.migrations[version] {
        try database.execute(sql: migration)
        try database.execute(sql: "PRAGMA user_version = \(version + 1)")
      } else {
        try database.execute(sql: kind.schema)
        try database.execute(sql: "PRAGMA application_id = \(kind.applicationID); PRAGMA user_version = \(kind.version)")
      }
    }
  }

  /// The switch does not wait for others by itself. A short write does: after it, whoever was in the way is done.
  private static func switchToWriteAheadLog(_ database: Database) throws {
    for _ in 0..<openingAttemptLimit {
      do {
        if try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL") == "wal" { return }
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
        try database.inTransaction(.immediate) { .commit }
      }
    }
    throw DatabaseError(resultCode: .SQLITE_BUSY)
  }
}
