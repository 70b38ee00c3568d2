// An outbox in memory, for tests and the simulator: the semantics of the protocol as plain data.
import ReviewModel
import Synchronization
import Trust

package final class MemoryOutboxStore: OutboxStore {
  let guarded: Mutex<MemoryOutbox>

  package convenience init() { self.init(MemoryOutbox()) }

  private init(_ contents: MemoryOutbox) { guarded = Mutex(contents) }

  /// Another store with the same contents: a device's copied disk, or what was synced before a crash.
  package func copy() -> MemoryOutboxStore { MemoryOutboxStore(guarded.withLock { $0 }) }

  package func close() throws(StorageError) {}

  // MARK: Commands

  package func append(_ mutations: [QueuedMutation]) throws(StorageError) -> [OutboxRow] {
    try guarded.withLock { outbox throws(StorageError) in try outbox.append(mutations) }
  }

  package func unanswered() throws(StorageError) -> [OutboxRow] {
    rows { $0.row.state == .queued || $0.row.state == .offered }
  }

  package func replayable() throws(StorageError) -> [OutboxRow] { rows { !$0.isRetired } }

  package func cut(_ rows: [Int64]) throws(StorageError) -> Bool {
    guarded.withLock { outbox in
      guard rows.allSatisfy({ outbox.rows[$0]?.row.state == .queued }) else { return false }
      for row in rows { outbox.forget(row) }
      outbox.settle([])
      outbox.version += 1
      return true
    }
  }

  package func answered(isRefused: Bool, limit: Int) throws(StorageError) -> [OutboxRow] {
    let found = rows { held in
      switch held.row.state {
      case .queued, .offered: false
      case .quarantined: true
      case .answered: !isRefused || held.standing != .applied
      }
    }
    return Array(found.reversed().prefix(max(limit, 0)))
  }

  package func row(mutation: MutationID) throws(StorageError) -> OutboxRow? {
    rows { $0.row.mutation.mutationID == mutation }.first
  }

  package func counts() throws(StorageError) -> OutboxCounts {
    var counts = OutboxCounts()
    for held in guarded.withLock({ Array($0.rows.values) }) {
      switch (held.row.state, held.standing) {
      case (.queued, _): counts.queued += 1
      case (.offered, _): counts.offered += 1
      case (.quarantined, _): counts.quarantined += 1
      case (.answered, .refused), (.answered, .unsupported): counts.refused += 1
      case (.answered, .parked): counts.parked += 1
      case (.answered, _): continue
      }
      if held.row.state == .queued || held.row.state == .offered {
        let queued = held.row.mutation.queuedMilliseconds
        counts.oldestUnansweredMilliseconds = min(counts.oldestUnansweredMilliseconds ?? .max, queued)
      }
    }
    return counts
  }

  package func version() throws(StorageError) -> UInt64 { guarded.withLock { $0.version } }

  /// Rows that a condition picks, in their order.
  func rows(_ isIncluded: (MemoryOutbox.Held) -> Bool) -> [OutboxRow] {
    let held = guarded.withLock { Array($0.rows.values) }
    return held.filter(isIncluded).map(\.row).sorted { $0.row < $1.row }
  }
}

/// What the store holds.
struct MemoryOutbox: Sendable {
  struct Held: Sendable {
    var row: OutboxRow
    /// The identity that gave the number.
    var generation = 0
    var standing: AnswerStanding?
    var isRetired = false
  }

  var rows: [Int64: Held] = [:]
  /// Of every row that is held: an append must not look at all of them.
  var mutationIDs: Set<MutationID> = []
  var lastRow: Int64 = 0
  var version: UInt64 = 1
  var generation = 1
  var retiredThrough: UInt64 = 0
  var lanes: [UInt32: LanePosition] = [:]
  var checkpoints: [SeenNote] = []
  var lastRead: [SubjectID: Digest] = [:]
  var settings: [String: String] = [:]
  /// Erased parts of rows that may have to be sent again.
  var erasedParts: Set<Digest> = []

  mutating func forget(_ row: Int64) {
    guard let held = rows.removeValue(forKey: row) else { return }
    mutationIDs.remove(held.row.mutation.mutationID)
  }

  mutating func append(_ mutations: [QueuedMutation]) throws(StorageError) -> [OutboxRow] {
    var added: Set<MutationID> = []
    for mutation in mutations where mutationIDs.contains(mutation.mutationID) || !added.insert(mutation.mutationID).inserted {
      throw StorageError(.conflict, "The outbox has that already.")
    }
    mutationIDs.formUnion(added)
    var appended: [OutboxRow] = []
    for mutation in mutations {
      lastRow += 1
      let row = OutboxRow(row: lastRow, mutation: mutation, state: .queued)
      rows[lastRow] = Held(row: row)
      appended.append(row)
    }
    if !appended.isEmpty { version += 1 }
    return appended
  }
}
