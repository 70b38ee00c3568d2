// An outbox in memory: numbers, answers, and what is kept beside them.
import ReviewModel
import Synchronization
import Trust

extension MemoryOutboxStore {
  package func offer(
    lane: UInt32, limit: OfferLimit, sign: (OutboxRow, LanePosition) throws -> SignedEnvelope
  ) throws(StorageError) -> [OutboxRow] {
    try guarded.withLock { outbox throws(StorageError) in try outbox.offer(lane: lane, limit: limit, sign: sign) }
  }

  package func offered(lane: UInt32) throws(StorageError) -> [OutboxRow] {
    rows { $0.row.state == .offered && $0.row.mutation.lane == lane }.sorted { ($0.number ?? 0) < ($1.number ?? 0) }
  }

  package func quarantined(lane: UInt32) throws(StorageError) -> Set<UInt64> {
    guarded.withLock { outbox in
      let aside = outbox.rows.values.filter {
        $0.row.state == .quarantined && $0.row.mutation.lane == lane && $0.generation == outbox.generation
      }
      return Set(aside.compactMap(\.row.number))
    }
  }

  package func lanes() throws(StorageError) -> [UInt32: LanePosition] { guarded.withLock { $0.lanes } }

  package func record(_ answers: [AnsweredRow]) throws(StorageError) {
    guarded.withLock { $0.record(answers) }
  }

  package func retire(throughSeq seq: UInt64) throws(StorageError) {
    guarded.withLock { $0.retire(throughSeq: seq) }
  }

  package func quarantine(_ row: Int64, reason: String) throws(StorageError) {
    try guarded.withLock { outbox throws(StorageError) in try outbox.quarantine(row, reason: reason) }
  }

  package func renumber(afterEnrolment hash: Digest) throws(StorageError) {
    guarded.withLock { outbox in
      outbox.generation += 1
      for (row, held) in outbox.rows where held.row.state == .offered {
        outbox.rows[row]?.row.state = .queued
        outbox.rows[row]?.row.number = nil
        outbox.rows[row]?.row.envelope = nil
      }
      outbox.lanes = [1: LanePosition(number: 1, hash: hash)]
      outbox.version += 1
    }
  }

  package func offerAgain(refusedBelowRules version: UInt32) throws(StorageError) -> Int {
    guarded.withLock { outbox in
      let again = outbox.rows.filter { _, held in
        held.standing == .unsupported && held.row.answer?.wasRefused(belowRules: version) == true
      }
      for row in again.keys {
        outbox.rows[row]?.row.state = .queued
        outbox.rows[row]?.row.number = nil
        outbox.rows[row]?.row.envelope = nil
        outbox.rows[row]?.row.answer = nil
        outbox.rows[row]?.standing = nil
        outbox.rows[row]?.isRetired = false
      }
      if !again.isEmpty { outbox.version += 1 }
      return again.count
    }
  }

  package func prune(
    durableThrough size: UInt64, answeredBeforeMilliseconds: UInt64, keepBytes: Int
  ) throws(StorageError) -> Int {
    let pruning = OutboxPruning(
      durableThrough: size, answeredBeforeMilliseconds: answeredBeforeMilliseconds, keepBytes: keepBytes)
    return guarded.withLock { outbox in
      let newestFirst = outbox.rows.values.sorted { $0.row.row > $1.row.row }
      let forgotten = pruning.forgotten(newestFirst.compactMap(\.pruningCandidate))
      for row in forgotten { outbox.forget(row) }
      if !forgotten.isEmpty { outbox.version += 1 }
      return forgotten.count
    }
  }

  // MARK: What is kept beside it

  package func checkpoints() throws(StorageError) -> [SeenNote] { guarded.withLock { $0.checkpoints } }

  package func append(checkpoint: SeenNote) throws(StorageError) {
    guarded.withLock { outbox in
      guard !outbox.checkpoints.contains(where: { $0.checkpoint == checkpoint.checkpoint }) else { return }
      outbox.checkpoints.append(checkpoint)
      outbox.version += 1
    }
  }

  package func lastRead(_ subjects: [SubjectID]) throws(StorageError) -> [SubjectID: Digest] {
    let asked = Set(subjects)
    return guarded.withLock { outbox in outbox.lastRead.filter { asked.contains($0.key) } }
  }

  package func setLastRead(_ read: [SubjectID: Digest]) throws(StorageError) {
    guarded.withLock { outbox in
      let before = outbox.lastRead
      outbox.lastRead.merge(read) { _, new in new }
      if outbox.lastRead != before { outbox.version += 1 }
    }
  }

  package func setting(_ name: String) throws(StorageError) -> String? { guarded.withLock { $0.settings[name] } }

  package func set(_ name: String, to value: String?) throws(StorageError) {
    guarded.withLock { outbox in
      guard outbox.settings[name] != value else { return }
      outbox.settings[name] = value
      outbox.version += 1
    }
  }
}

extension MemoryOutbox.Held {
  /// Nil unless it is answered.
  fileprivate var pruningCandidate: OutboxPruning.Candidate? {
    guard row.state == .answered, standing != .unsupported, let answer = row.answer else { return nil }
    // As the SQLite store counts: the parts with the four bytes of length before each.
    let parts = row.mutation.parts.reduce(0) { $0 + $1.bytes.count + 4 }
    return OutboxPruning.Candidate(
      row: row.row, ledgerIndex: answer.ledgerIndex, answeredMilliseconds: answer.answeredMilliseconds, isRetired: isRetired,
      byteCount: row.mutation.body.count + parts + (row.envelope?.bytes.count ?? 0) + answer.leafRecord.count)
  }
}

extension MemoryOutbox {
  fileprivate mutating func offer(
    lane: UInt32, limit: OfferLimit, sign: (OutboxRow, LanePosition) throws -> SignedEnvelope
  ) throws(StorageError) -> [OutboxRow] {
    let waiting = rows.values.map(\.row).filter { $0.state == .queued && $0.mutation.lane == lane }.sorted { $0.row < $1.row }
    var position = lanes[lane] ?? LaneChain.start
    var bytesLeft = limit.bytes
    var offered: [OutboxRow] = []
    for var row in waiting.prefix(max(limit.mutations, 0)) {
      row.number = position.number &+ 1
      let envelope: SignedEnvelope
      do { envelope = try sign(row, position) } catch { throw LaneChain.signingError(error) }
      bytesLeft -= LaneChain.byteCount(row.mutation, envelope)
      if bytesLeft < 0, !offered.isEmpty { break }
      position = try LaneChain.advance(position, row: row, by: envelope)
      row.envelope = envelope
      row.state = .offered
      offered.append(row)
    }
    guard !offered.isEmpty else { return [] }
    // Nothing was changed before here, so that a failure leaves all as it was.
    for row in offered { rows[row.row] = Held(row: row, generation: generation) }
    lanes[lane] = position
    version += 1
    return offered
  }

  fileprivate mutating func record(_ answers: [AnsweredRow]) {
    var settled: [Int64] = []
    for answered in answers {
      let match = rows.first { _, held in
        held.generation == generation && held.row.mutation.lane == answered.lane && held.row.number == answered.number
          && (held.row.state == .offered || held.row.state == .quarantined)
      }
      guard var held = match?.value else { continue }
      held.row.state = .answered
      held.row.answer = answered.answer
      held.standing = AnswerStanding(of: answered)
      held.isRetired = answered.answer.commitSeq <= retiredThrough
      rows[held.row.row] = held
      settled.append(held.row.row)
      version += 1
    }
    settle(settled)
  }

  fileprivate mutating func retire(throughSeq seq: UInt64) {
    var hasChanged = retiredThrough != seq
    retiredThrough = seq
    for (row, held) in rows where held.row.state == .answered && !held.isRetired {
      guard let answer = held.row.answer, answer.commitSeq <= seq else { continue }
      rows[row]?.isRetired = true
      hasChanged = true
    }
    if hasChanged { version += 1 }
  }

  fileprivate mutating func quarantine(_ row: Int64, reason: String) throws(StorageError) {
    guard var held = rows[row] else { throw StorageError(.notFound, "The outbox has no row \(row).") }
    switch held.row.state {
    case .answered:
      throw StorageError(.conflict, "The server has answered row \(row) of the outbox; it cannot be put aside.")
    case .quarantined: return
    case .queued, .offered:
      held.row.state = .quarantined
      held.row.quarantineReason = reason
      held.isRetired = true
      rows[row] = held
      settle([row])
      version += 1
    }
  }
}
