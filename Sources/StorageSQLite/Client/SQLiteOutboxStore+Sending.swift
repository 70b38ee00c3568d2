// The outbox as a SQLite file: numbers, answers and what is kept of them. One process sends.
import GRDB
import ReviewModel
import Storage
import Trust

extension SQLiteOutboxStore {
  package func offer(
    lane: UInt32, limit: OfferLimit, sign: (OutboxRow, LanePosition) throws -> SignedEnvelope
  ) throws(StorageError) -> [OutboxRow] {
    try write { database in
      let waiting = try Self.rows(
        "WHERE m.state = 1 AND m.lane = ? ORDER BY m.row LIMIT ?", [Int64(lane), max(limit.mutations, 0)], in: database)
      let generation = try Self.counter("generation", in: database)
      var position = try Self.lanes(in: database)[lane] ?? LaneChain.start
      var bytesLeft = limit.bytes
      var offered: [OutboxRow] = []
      for var row in waiting {
        row.number = position.number &+ 1
        let envelope: SignedEnvelope
        do { envelope = try sign(row, position) } catch { throw LaneChain.signingError(error) }
        bytesLeft -= LaneChain.byteCount(row.mutation, envelope)
        if bytesLeft < 0, !offered.isEmpty { break }
        position = try LaneChain.advance(position, row: row, by: envelope)
        row.envelope = envelope
        row.state = .offered
        try Self.store(offered: row, envelope: envelope, generation: generation, in: database)
        offered.append(row)
      }
      if !offered.isEmpty { try Self.set(lane, to: position, in: database) }
      return offered
    }
  }

  package func offered(lane: UInt32) throws(StorageError) -> [OutboxRow] {
    try rows("WHERE m.state = 2 AND m.lane = ? ORDER BY m.number", [Int64(lane)])
  }

  package func quarantined(lane: UInt32) throws(StorageError) -> Set<UInt64> {
    try database.readOnce { database in
      let numbers = try database.clientRows(
        """
        SELECT number FROM mutation WHERE state = 4 AND lane = ? AND number IS NOT NULL
          AND generation = (SELECT value FROM counter WHERE name = 'generation')
        """, [Int64(lane)]
      ) { $0.unsigned(0) }
      return Set(numbers)
    }
  }

  package func lanes() throws(StorageError) -> [UInt32: LanePosition] {
    try database.readOnce { try Self.lanes(in: $0) }
  }

  package func record(_ answers: [AnsweredRow]) throws(StorageError) {
    let hasErased = try write { database in
      let generation = try Self.counter("generation", in: database)
      let retiredThrough = UInt64(bitPattern: try Self.counter("retired_through", in: database))
      var settled: [Int64] = []
      for answered in answers {
        let key: StatementArguments = [generation, Int64(answered.lane), answered.number.clientInteger]
        let row = try database.clientRow(
          "SELECT row FROM mutation WHERE generation = ? AND lane = ? AND number = ? AND state IN (2, 4)", key
        ) { $0.integer(0) }
        guard let row else { continue }
        try Self.store(answered, row: row, isRetired: answered.answer.commitSeq <= retiredThrough, in: database)
        settled.append(row)
      }
      return try Self.settle(settled, in: database)
    }
    if hasErased { database.tryToEmptyLog() }
  }

  package func retire(throughSeq seq: UInt64) throws(StorageError) {
    try write { database in
      try database.runClient(
        "UPDATE counter SET value = ?1 WHERE name = 'retired_through' AND value <> ?1", [seq.clientInteger])
      try database.runClient(
        "UPDATE mutation SET is_retired = 1 WHERE is_retired = 0 AND state = 3 AND commit_seq <= ?",
        [Int64(clamping: seq)])
    }
  }

  package func quarantine(_ row: Int64, reason: String) throws(StorageError) {
    let hasErased = try write { database -> Bool in
      let state = try database.clientRow("SELECT state FROM mutation WHERE row = ?", [row]) { $0.integer(0) }
      switch state {
      case nil: throw StorageError(.notFound, "The outbox has no row \(row).")
      case Int64(OutboxRowState.answered.rawValue):
        throw StorageError(.conflict, "The server has answered row \(row) of the outbox; it cannot be put aside.")
      case Int64(OutboxRowState.quarantined.rawValue): return false
      default:
        try database.runClient(
          "UPDATE mutation SET state = 4, is_retired = 1, quarantine_reason = ? WHERE row = ?", [reason, row])
        return try Self.settle([row], in: database)
      }
    }
    if hasErased { database.tryToEmptyLog() }
  }

  package func renumber(afterEnrolment hash: Digest) throws(StorageError) {
    try write { database in
      try database.runClient("UPDATE counter SET value = value + 1 WHERE name = 'generation'")
      try database.runClient(
        """
        UPDATE mutation SET state = 1, generation = NULL, number = NULL, envelope = NULL, signature = NULL WHERE state = 2
        """)
      try database.runClient("DELETE FROM lane")
      try Self.set(1, to: LanePosition(number: 1, hash: hash), in: database)
    }
  }

  package func offerAgain(refusedBelowRules version: UInt32) throws(StorageError) -> Int {
    try write { database in
      let refused = try Self.rows(
        "WHERE m.state = 3 AND m.standing = ?", [Int64(AnswerStanding.unsupported.rawValue)], in: database)
      let again = refused.filter { $0.answer?.wasRefused(belowRules: version) == true }
      for row in again {
        try database.runClient(
          """
          UPDATE mutation SET state = 1, generation = NULL, number = NULL, envelope = NULL, signature = NULL,
            ledger_index = NULL, commit_seq = NULL, leaf_record = NULL, statement = NULL, answered_milliseconds = NULL,
            is_proved = NULL, standing = NULL, is_retired = 0
          WHERE row = ?
          """, [row.row])
      }
      return again.count
    }
  }

  package func prune(
    durableThrough size: UInt64, answeredBeforeMilliseconds: UInt64, keepBytes: Int
  ) throws(StorageError) -> Int {
    let pruning = OutboxPruning(
      durableThrough: size, answeredBeforeMilliseconds: answeredBeforeMilliseconds, keepBytes: keepBytes)
    return try write { database in
      let forgotten = pruning.forgotten(try Self.pruningCandidates(in: database))
      for row in forgotten { try database.runClient("DELETE FROM mutation WHERE row = ?", [row]) }
      if !forgotten.isEmpty {
        try database.runClient(
          "DELETE FROM statement WHERE NOT EXISTS (SELECT 1 FROM mutation m WHERE m.statement = statement.id)")
      }
      return forgotten.count
    }
  }

  // MARK: Statements

  private static func lanes(in database: Database) throws -> [UInt32: LanePosition] {
    var lanes: [UInt32: LanePosition] = [:]
    try database.eachClientRow("SELECT lane, number, hash FROM lane") { row in
      guard let lane = UInt32(exactly: row.integer(0)), let hash = Digest(row.bytes(2)) else {
        throw StorageError(.damaged, "The outbox does not know any more what it numbered; enrol this device again.")
      }
      lanes[lane] = LanePosition(number: row.unsigned(1), hash: hash)
    }
    return lanes
  }

  private static func set(_ lane: UInt32, to position: LanePosition, in database: Database) throws {
    try database.runClient(
      "INSERT OR REPLACE INTO lane (lane, number, hash) VALUES (?, ?, ?)",
      [Int64(lane), position.number.clientInteger, position.hash.bytes.clientBlob])
  }

  private static func store(
    offered row: OutboxRow, envelope: SignedEnvelope, generation: Int64, in database: Database
  ) throws {
    try database.runClient(
      "UPDATE mutation SET state = 2, generation = ?, number = ?, envelope = ?, signature = ? WHERE row = ?",
      [generation, row.number?.clientInteger, envelope.bytes.clientBlob, envelope.signature.bytes.clientBlob, row.row])
  }

  private static func store(_ answered: AnsweredRow, row: Int64, isRetired: Bool, in database: Database) throws {
    let answer = answered.answer
    let digest = SHA256.hash([answer.statement, answer.signature.bytes]).bytes.clientBlob
    try database.runClient(
      "INSERT OR IGNORE INTO statement (digest, bytes, signature) VALUES (?, ?, ?)",
      [digest, answer.statement.clientBlob, answer.signature.bytes.clientBlob])
    try database.runClient(
      """
      UPDATE mutation SET state = 3, ledger_index = ?, commit_seq = ?, leaf_record = ?,
        statement = (SELECT id FROM statement WHERE digest = ?), answered_milliseconds = ?, is_proved = ?, standing = ?,
        is_retired = ?
      WHERE row = ?
      """,
      [
        answer.ledgerIndex.clientInteger, answer.commitSeq.clientInteger, answer.leafRecord.clientBlob, digest,
        answer.answeredMilliseconds.clientInteger, answer.isProved, Int64(AnswerStanding(of: answered).rawValue), isRetired,
        row,
      ])
  }

  private static func pruningCandidates(in database: Database) throws -> [OutboxPruning.Candidate] {
    let sql = """
      SELECT row, ledger_index, answered_milliseconds, is_retired,
        length(body) + length(parts) + length(envelope) + length(leaf_record)
      FROM mutation WHERE state = 3 AND standing <> \(AnswerStanding.unsupported.rawValue) ORDER BY row DESC
      """
    return try database.clientRows(sql) { row in
      OutboxPruning.Candidate(
        row: row.integer(0), ledgerIndex: row.unsigned(1), answeredMilliseconds: row.unsigned(2), isRetired: row.bool(3),
        byteCount: Int(row.integer(4)))
    }
  }
}
