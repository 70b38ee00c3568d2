// The outbox as a SQLite file: what commands append, list and cut. Several processes use it at once.
import GRDB
import ReviewModel
import Storage
import Trust

/// `outbox.sqlite`. Every function is one transaction that is on the disk when it returns (synchronous = FULL).
package final class SQLiteOutboxStore: OutboxStore {
  let database: ClientDatabase

  /// Opens the file, or makes it with mode 0600.
  /// - Parameter busyTimeoutSeconds: how long a call waits for other processes, at most 5.
  /// - Throws: `damaged`, `tooNew`, `busy`, `readOnly`, `diskFull` or `inputOutput`.
  package init(
    path: String, busyTimeoutSeconds: Double = 5, place: DatabasePlace = .files
  ) throws(StorageError) {
    database = try ClientDatabase(path: path, kind: .outbox, busyTimeoutSeconds: busyTimeoutSeconds, place: place)
  }

  /// The same, by the name that the cache has too.
  package static func open(path: String) throws(StorageError) -> SQLiteOutboxStore { try SQLiteOutboxStore(path: path) }

  package func close() throws(StorageError) { try database.close() }

  // MARK: Commands

  package func append(_ mutations: [QueuedMutation]) throws(StorageError) -> [OutboxRow] {
    try write { database in
      try mutations.map { mutation in
        try database.runClient(
          """
          INSERT INTO mutation (
            mutation_id, lane, state, body, parts, wall_milliseconds, counter, queued_milliseconds, checksum)
          VALUES (?, ?, \(OutboxRowState.queued.rawValue), ?, ?, ?, ?, ?, ?)
          """,
          [
            mutation.mutationID.bytes.clientBlob, Int64(mutation.lane), mutation.body.clientBlob,
            PartList.bytes(mutation.parts).clientBlob, mutation.clock.wallMilliseconds.clientInteger,
            Int64(mutation.clock.counter), mutation.queuedMilliseconds.clientInteger,
            mutation.checksum?.bytes.clientBlob,
          ])
        return OutboxRow(row: database.lastInsertedRowID, mutation: mutation, state: .queued)
      }
    }
  }

  package func unanswered() throws(StorageError) -> [OutboxRow] {
    try rows("WHERE m.state IN (1, 2) ORDER BY m.row")
  }

  package func replayable() throws(StorageError) -> [OutboxRow] {
    try rows("WHERE m.is_retired = 0 ORDER BY m.row")
  }

  package func cut(_ rows: [Int64]) throws(StorageError) -> Bool {
    try write { database in
      for row in rows {
        let held = try database.clientRows("SELECT state FROM mutation WHERE row = ?", [row]) { $0.integer(0) }
        guard held == [Int64(OutboxRowState.queued.rawValue)] else { return false }
      }
      for row in rows { try database.runClient("DELETE FROM mutation WHERE row = ?", [row]) }
      _ = try Self.settle([], in: database)
      return true
    }
  }

  package func answered(isRefused: Bool, limit: Int) throws(StorageError) -> [OutboxRow] {
    let refused = "AND (m.state = 4 OR m.standing <> \(AnswerStanding.applied.rawValue))"
    return try rows("WHERE m.state IN (3, 4) \(isRefused ? refused : "") ORDER BY m.row DESC LIMIT ?", [max(limit, 0)])
  }

  package func row(mutation: MutationID) throws(StorageError) -> OutboxRow? {
    try rows("WHERE m.mutation_id = ?", [mutation.bytes.clientBlob]).first
  }

  package func counts() throws(StorageError) -> OutboxCounts {
    try database.readOnce { database in
      var counts = OutboxCounts()
      let sql = "SELECT state, standing, count(*), min(queued_milliseconds) FROM mutation GROUP BY state, standing"
      try database.eachClientRow(sql) { row in
        let count = Int(row.integer(2))
        switch (UInt8(exactly: row.integer(0)).flatMap(OutboxRowState.init), UInt8(exactly: row.integer(1))) {
        case (.queued, _): counts.queued += count
        case (.offered, _): counts.offered += count
        case (.quarantined, _): counts.quarantined += count
        case (.answered, AnswerStanding.refused.rawValue), (.answered, AnswerStanding.unsupported.rawValue):
          counts.refused += count
        case (.answered, AnswerStanding.parked.rawValue): counts.parked += count
        default: return
        }
        if row.integer(0) <= Int64(OutboxRowState.offered.rawValue) {
          counts.oldestUnansweredMilliseconds = min(counts.oldestUnansweredMilliseconds ?? .max, row.unsigned(3))
        }
      }
      return counts
    }
  }

  package func version() throws(StorageError) -> UInt64 {
    try database.readOnce { UInt64(bitPattern: try Self.counter("version", in: $0)) }
  }

  // MARK: Shared by the slices

  /// A transaction that makes the version ascend if it changes anything.
  func write<Answer>(_ body: (Database) throws -> Answer) throws(StorageError) -> Answer {
    try database.write { database in
      let before = database.totalChangesCount
      let answer = try body(database)
      if database.totalChangesCount != before {
        try database.runClient("UPDATE counter SET value = value + 1 WHERE name = 'version'")
      }
      return answer
    }
  }

  func rows(_ condition: String, _ arguments: StatementArguments = []) throws(StorageError) -> [OutboxRow] {
    try database.readOnce { try Self.rows(condition, arguments, in: $0) }
  }

  static func rows(_ condition: String, _ arguments: StatementArguments, in database: Database) throws -> [OutboxRow] {
    try database.clientRows("\(OutboxRow.selection) \(condition)", arguments) { try OutboxRow(columns: $0) }
  }

  static func counter(_ name: String, in database: Database) throws -> Int64 {
    try database.clientRow("SELECT value FROM counter WHERE name = ?", [name]) { $0.integer(0) } ?? 0
  }
}
