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
      m.answered_milliseconds, m.is_proved, m.quarantine_reason, m.checksum
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
      clock: HybridClock(wallMilliseconds: row.unsigned(6), counter: counter), queuedMilliseconds: row.unsigned(8),
      checksum: row.optionalBytes(20).map { Digest($0) ?? .zero })
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
  private static let lengthByteCount = 4

  static func bytes(_ parts: [Part]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(parts.reduce(0) { $0 + $1.bytes.count + lengthByteCount })
    for part in parts {
      let count = UInt32(clamping: part.bytes.count)
      bytes += (0..<lengthByteCount).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) }
      bytes += part.bytes
    }
    return bytes
  }

  /// The parts that can be read. Of damaged bytes some are missing: whoever needs them notices by their digests and
  /// puts the row aside, instead of the whole outbox being unreadable.
  static func read(_ bytes: [UInt8]) -> [Part] { places(bytes).compactMap { Part(Array(bytes[$0])) } }

  static func digests(_ bytes: [UInt8]) -> [Digest] { places(bytes).map { SHA256.hash(Array(bytes[$0])) } }

  /// The list without these parts, nil if it has none of them. What cannot be read stays as it is.
  static func removing(_ digests: Set<Digest>, from bytes: [UInt8]) -> [UInt8]? {
    let removed = places(bytes).filter { digests.contains(SHA256.hash(Array(bytes[$0]))) }
    guard !removed.isEmpty else { return nil }
    var kept = bytes
    for place in removed.reversed() { kept.removeSubrange(place.lowerBound - lengthByteCount..<place.upperBound) }
    return kept
  }

  /// Where each part is.
  private static func places(_ bytes: [UInt8]) -> [Range<Int>] {
    var places: [Range<Int>] = []
    var position = 0
    while bytes.count - position >= lengthByteCount {
      let count = bytes[position..<position + lengthByteCount].reduce(0) { $0 << 8 | Int($1) }
      position += lengthByteCount
      guard count <= bytes.count - position else { break }
      places.append(position..<position + count)
      position += count
    }
    return places
  }
}
