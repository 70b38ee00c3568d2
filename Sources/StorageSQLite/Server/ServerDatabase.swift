// One database file of the server: how it is made, recognised, opened durably, and closed. It knows nothing of the tables.
import Foundation
import GRDB
import Storage
import Synchronization

/// A pool of connections to one file: one writer, and readers that see the last commit while it writes.
final class ServerDatabase: Sendable {
  enum Opening: Sendable {
    /// The file must not be a database yet; what is begun in it with the schema becomes true together with it.
    case create
    case existing
    case existingOrNew
    case readOnly

    var mayBeNew: Bool { self == .create || self == .existingOrNew }
  }

  static let busyTimeoutSeconds = 5.0
  static let readerLimit = 4

  let path: String
  let isReadOnly: Bool
  private let pool: DatabasePool
  private let isClosed = Mutex(false)

  /// - Throws: `notFound`, `conflict` (to create what is there), `damaged`, `tooNew`, and whatever the disk refuses.
  init(
    path: String, schema: ServerSchema, opening: Opening, place: DatabasePlace = .files,
    seed: (Database) throws -> Void = { _ in }
  ) throws(StorageError) {
    self.path = path
    isReadOnly = opening == .readOnly
    do {
      if place.fileSystem == nil { try Self.prepareFile(path, opening: opening) }
      pool = try DatabasePool(
        path: place.name(of: path), configuration: Self.configuration(path: path, schema: schema, opening: opening))
      if opening == .readOnly {
        try pool.read { database in try Self.requireCurrent(database, schema: schema, path: path) }
      } else {
        try pool.writeWithoutTransaction { database in
          try Self.makeDurable(database, path: path)
          try database.inTransaction(.immediate) {
            try Self.migrate(database, schema: schema, path: path, opening: opening, seed: seed)
            return .commit
          }
          if !place.statements.isEmpty { try database.execute(sql: place.statements) }
        }
      }
    } catch {
      throw ServerStorageFailure.storageError(for: error, path: path)
    }
  }

  /// Reads a consistent state: the last commit, whatever is written meanwhile.
  func read<Answer>(_ body: (Database) throws -> Answer) throws(StorageError) -> Answer {
    guard !isClosed.withLock({ $0 }) else { throw ServerStorageFailure.closed(path) }
    do {
      return try pool.read(body)
    } catch {
      throw ServerStorageFailure.storageError(for: error, path: path)
    }
  }

  /// Writes all of it or nothing, durably when it returns.
  func write(_ body: (Database) throws -> Void) throws(StorageError) {
    guard !isClosed.withLock({ $0 }) else { throw ServerStorageFailure.closed(path) }
    guard !isReadOnly else { throw ServerStorageFailure.readOnly(path) }
    do {
      try pool.writeInTransaction(.immediate) { database in
        try body(database)
        return .commit
      }
    } catch {
      throw ServerStorageFailure.storageError(for: error, path: path)
    }
  }

  /// Empties the write-ahead log, in which erased content stays readable, if nobody is in the way.
  func tryToEmptyLog() {
    guard !isClosed.withLock({ $0 }) else { return }
    emptyLog()
  }

  private func emptyLog() {
    guard !isReadOnly else { return }
    // What was committed is durable either way; a log that stays is emptied by a later call, or by closing.
    try? pool.writeWithoutTransaction { try $0.emptyWriteAheadLog() }
  }

  /// How the writer really writes, asked of SQLite: for `doctor`, because a setting that was lost shows in nothing else.
  func durability() throws(StorageError) -> ServerDurability {
    guard !isClosed.withLock({ $0 }) else { throw ServerStorageFailure.closed(path) }
    do {
      return try pool.writeWithoutTransaction { database in
        ServerDurability(
          journalMode: try String.fetchOne(database, sql: "PRAGMA journal_mode") ?? "",
          synchronousLevel: try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? 0,
          erasesDeleted: try Int.fetchOne(database, sql: "PRAGMA secure_delete") == 1)
      }
    } catch {
      throw ServerStorageFailure.storageError(for: error, path: path)
    }
  }

  /// Closes once; a second time does nothing.
  /// - Returns: whether this call closed it.
  @discardableResult
  func close() throws(StorageError) -> Bool {
    let wasClosed = isClosed.withLock { closed in
      defer { closed = true }
      return closed
    }
    guard !wasClosed else { return false }
    // SQLite would do so with the last connection, but the pool closes its readers last, and they may not write.
    emptyLog()
    do {
      try pool.close()
    } catch {
      throw ServerStorageFailure.storageError(for: error, path: path)
    }
    return true
  }
}

/// The settings of a database that decide whether a commit survives a power cut and whether erased content is gone.
package struct ServerDurability: Sendable, Hashable {
  package let journalMode: String
  /// SQLite's own scale: 0 off, 1 normal, 2 full, 3 extra.
  package let synchronousLevel: Int
  /// Whether deleted content is overwritten in the file.
  package let erasesDeleted: Bool

  package init(journalMode: String, synchronousLevel: Int, erasesDeleted: Bool) {
    self.journalMode = journalMode
    self.synchronousLevel = synchronousLevel
    self.erasesDeleted = erasesDeleted
  }
}

// MARK: - Opening

extension ServerDatabase {
  /// A new file gets its mode before SQLite sees it; SQLite gives the same one to what it puts beside it.
  private static func prepareFile(_ path: String, opening: Opening) throws {
    let files = FileManager.default
    if files.fileExists(atPath: path) { return }
    guard opening.mayBeNew else { throw ServerStorageFailure.notFound(path) }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    if !files.fileExists(atPath: folder) {
      try files.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
    let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let reason = String(cString: strerror(errno))
      throw StorageError(.inputOutput, "\(path) cannot be created (\(reason)); check the folder and who may write it.")
    }
    Glibc.close(descriptor)
  }

  private static func configuration(path: String, schema: ServerSchema, opening: Opening) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = opening == .readOnly
    configuration.foreignKeysEnabled = false
    configuration.busyMode = .timeout(busyTimeoutSeconds)
    configuration.maximumReaderCount = readerLimit
    configuration.prepareDatabase { database in
      database.checkpointsOnClose(false)
      // Before the journal mode is touched: a file that is not ours must stay as it is. In one transaction, because
      // another process may be making its tables in between.
      try database.inTransaction(.deferred) {
        try recognise(database, schema: schema, path: path, mayBeNew: opening.mayBeNew)
        return .commit
      }
      // Erased content must not stay in free pages; nothing in a file may call into this program.
      try database.execute(sql: "PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
    }
    return configuration
  }

  /// Refuses what is not ours and what is newer than this program.
  private static func recognise(_ database: Database, schema: ServerSchema, path: String, mayBeNew: Bool) throws {
    if try Int32.fetchOne(database, sql: "PRAGMA application_id") == schema.applicationID {
      let version = try Self.version(database)
      guard version <= schema.version else {
        throw ServerStorageFailure.tooNew(path, version: version, newest: schema.version)
      }
      return
    }
    guard mayBeNew, try isEmpty(database) else { throw ServerStorageFailure.damaged(path) }
  }

  private static func isEmpty(_ database: Database) throws -> Bool {
    try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
      && Int.fetchOne(database, sql: "PRAGMA application_id") == 0
  }

  private static func version(_ database: Database) throws -> Int {
    try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
  }

  /// The pool has set `synchronous = NORMAL` by now, which would lose the last commits with the power. With that setting it
  /// may also have made a commit of its own, which nothing has synced: if the first sync of ours failed, the system could
  /// drop that commit for good, and with it, at a power loss, every later one that stands behind it in the log. The same
  /// holds for what a process has left there that was killed before its sync, or whose sync has failed. So the log is renewed
  /// and copied into the database, with all syncs, before anything is written.
  ///
  /// If that fails, the connection is closed without another try: SQLite would copy a log into the database whose sync has
  /// failed, because the next one says yes, and a power loss in the middle would leave the old log over a newer database.
  private static func makeDurable(_ database: Database, path: String) throws {
    try database.execute(sql: "PRAGMA synchronous = FULL")
    let isFull = try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2
    guard isFull, try String.fetchOne(database, sql: "PRAGMA journal_mode") == "wal" else {
      throw StorageError(.inputOutput, "\(path) cannot be written durably; move the data directory to a local disk.")
    }
    try database.inTransaction(.immediate) {
      try database.renewWriteAheadLog()
      return .commit
    }
    try database.execute(sql: "PRAGMA wal_checkpoint(PASSIVE)")
    database.checkpointsOnClose(true)
  }

  private static func migrate(
    _ database: Database, schema: ServerSchema, path: String, opening: Opening, seed: (Database) throws -> Void
  ) throws {
    let current = try version(database)
    if opening == .create, current > 0 { throw ServerStorageFailure.exists(path) }
    guard current < schema.version else { return }
    for step in schema.steps[max(0, current)...] { try database.execute(sql: step) }
    try database.execute(sql: "PRAGMA application_id = \(schema.applicationID); PRAGMA user_version = \(schema.version)")
    try seed(database)
  }

  private static func requireCurrent(_ database: Database, schema: ServerSchema, path: String) throws {
    guard try version(database) == schema.version else {
      throw StorageError(
        .readOnly,
        "\(path) was written by an older version; open it once for writing (start the server) to bring it up to date.")
    }
  }
}
