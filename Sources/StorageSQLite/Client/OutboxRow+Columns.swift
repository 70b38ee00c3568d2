// An outbox row as columns, and back.
import GRDB
import ReviewModel
import Storage
import Trust

extension OutboxRow {
  /// What `init(columns:)` reads, in its order.
  static let selection = """
    SELECT m.row, m.mutation_id, m.lane, m.state, m.body, m.parts, m.wall_milliseconds, m.counter, m.queued_milliseconds,
      m.number, m.envelope, m.signature, m.ledger_index, m.commit_seq, m.leaf_record, s.bytes, s.signature,
      m.answered_milliseconds, m.is_proved, m.quarantine_reason
    FROM mutation m LEFT JOIN statement s ON s.id = m.statement
    """

  /// - Throws: `damaged` if the row cannot be what this program wrote.
  init(columns row: ClientRow) throws(StorageError) {
    guard let id = MutationID(row.bytes(1)), let lane = UInt32(exactly: row.integer(2)),
      let state = UInt8(exactly: row.integer(3)).flatMap(OutboxRowState.init), let counter = UInt32(exactly: row.integer(7))
    else {
      throw StorageError(.damaged, "Row \(row.integer(0)) of the outbox is damaged; copy the file away and enrol again.")
    }
    let mutation = QueuedMutation(
      mutationID: id, lane: lane, body: row.bytes(4), parts: PartList.read(row.bytes(5)),
      clock: HybridClock(wallMilliseconds: row.unsigned(6), counter: counter), queuedMilliseconds: row.unsigned(8))
    self.init(row: row.integer(0), mutation: mutation, state: state)
    number = row.optionalUnsigned(9)
    if let bytes = row.optionalBytes(10), let signature = Signature(row.bytes(11)) {
      envelope = SignedEnvelope(bytes: bytes, signature: signature)
    }
    if state == .answered, let signature = Signature(row.bytes(16)) {
      answer = RowAnswer(
        ledgerIndex: row.unsigned(12), commitSeq: row.unsigned(13), leafRecord: row.bytes(14), statement: row.bytes(15),
        signature: signature, answeredMilliseconds: row.unsigned(17), isProved: row.bool(18))
    }
    quarantineReason = row.optionalText(19)
  }
}

/// A mutation's parts in one column: each with its length before it, 32 bits big-endian.
enum PartList {
  static func bytes(_ parts: [Part]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(parts.reduce(0) { $0 + $1.bytes.count + 4 })
    for part in parts {
      let count = UInt32(clamping: part.bytes.count)
      bytes += (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) }
      bytes += part.bytes
    }
    return bytes
  }

  /// The parts that can be read. Of damaged bytes some are missing: whoever needs them notices by their digests and
  /// puts the row aside, instead of the whole outbox being unreadable.
  static func read(_ bytes: [UInt8]) -> [Part] {
    var parts: [Part] = []
    var position = 0
    while bytes.count - position >= 4 {
      let count = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      position += 4
      guard count <= bytes.count - position else { break }
      if let part = Part(Array(bytes[position..<position + count])) { parts.append(part) }
      position += count
    }
    return parts
  }
}
