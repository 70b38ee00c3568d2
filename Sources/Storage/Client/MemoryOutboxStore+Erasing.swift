// An outbox in memory: forgetting words that were erased.
import ReviewModel
import Synchronization
import Trust

extension MemoryOutboxStore {
  package func erase(parts: Set<Digest>) throws(StorageError) {
    guarded.withLock { $0.erase(parts) }
  }
}

extension MemoryOutbox {
  fileprivate mutating func erase(_ parts: Set<Digest>) {
    var hasChanged = false
    for row in Array(rows.keys) {
      if strip(parts, from: row) { hasChanged = true }
    }
    let marked = erasedParts.union(held(parts))
    if marked != erasedParts {
      erasedParts = marked
      hasChanged = true
    }
    if hasChanged { version += 1 }
  }

  /// What was erased while these rows waited goes from them now; what no row waits with any more need not be remembered.
  mutating func settle(_ settled: [Int64]) {
    guard !erasedParts.isEmpty else { return }
    for row in settled { _ = strip(erasedParts, from: row) }
    erasedParts = held(erasedParts)
  }

  /// Answers whether the row had any of them and may be without.
  private mutating func strip(_ parts: Set<Digest>, from row: Int64) -> Bool {
    guard let held = rows[row], !held.mayBeSent else { return false }
    let kept = held.row.mutation.parts.filter { !parts.contains($0.digest) }
    guard kept.count < held.row.mutation.parts.count else { return false }
    rows[row]?.row.mutation.parts = kept
    return true
  }

  /// Those of the parts that a row may have to be sent with.
  private func held(_ parts: Set<Digest>) -> Set<Digest> {
    var held: Set<Digest> = []
    for row in rows.values where row.mayBeSent {
      held.formUnion(row.row.mutation.parts.map(\.digest).filter(parts.contains))
    }
    return held
  }
}

extension MemoryOutbox.Held {
  /// Whether the row may yet be sent, and so needs all its parts.
  fileprivate var mayBeSent: Bool {
    switch row.state {
    case .queued, .offered: true
    case .answered: standing == .unsupported
    case .quarantined: false
    }
  }
}
