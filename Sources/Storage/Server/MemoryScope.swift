// One scope's rows in memory: the last change of each entity, in the order of the change log.
import ReviewModel
import Trust

/// The rows of a scope with its head and digest.
struct MemoryScope: Sendable {
  private(set) var head: UInt64 = 0
  private(set) var digest = ScopeDigest()
  private(set) var latest: [EntityKey: StoredRow] = [:]
  /// Ascending; places of rows that were replaced stay until they are half of all.
  private var places: [(seq: UInt64, key: EntityKey)] = []

  mutating func apply(_ write: EntityWrite) {
    let leaf = ScopeDigest.leaf(of: write.key)
    if let old = latest[write.key], let payload = old.payload {
      digest.remove(ScopeDigest.itemHash(key: old.key, seq: old.seq, payload: payload), leaf: leaf)
    }
    if let payload = write.payload {
      digest.add(ScopeDigest.itemHash(key: write.key, seq: write.seq, payload: payload), leaf: leaf)
    }
    latest[write.key] = StoredRow(key: write.key, seq: write.seq, payload: write.payload)
    places.append((write.seq, write.key))
    head = write.seq
    if places.count > 2 * latest.count + 16 { places.removeAll { latest[$0.key]?.seq != $0.seq } }
  }

  /// Forgets rows; the head stays.
  mutating func forget(where isForgotten: (StoredRow) -> Bool) {
    for row in rows(where: isForgotten) {
      if let payload = row.payload {
        digest.remove(
          ScopeDigest.itemHash(key: row.key, seq: row.seq, payload: payload), leaf: ScopeDigest.leaf(of: row.key))
      }
      latest[row.key] = nil
    }
  }

  /// The rows that are asked for, ascending.
  func rows(where isWanted: (StoredRow) -> Bool) -> [StoredRow] { rows(after: 0, through: .max, where: isWanted) }

  func page(_ request: PageRequest) -> StoredPage {
    let wanted = rows(after: request.after, through: request.through) { request.includesDepartures || !$0.isDeparture }
    var rows: [StoredRow] = []
    var byteCount = 0
    for row in wanted {
      byteCount += row.byteCount
      if !rows.isEmpty, rows.count >= request.rowLimit || byteCount > request.byteLimit { break }
      rows.append(row)
    }
    return StoredPage(rows: rows, remaining: UInt64(wanted.count - rows.count))
  }

  private func rows(after: UInt64, through: UInt64, where isWanted: (StoredRow) -> Bool) -> [StoredRow] {
    var rows: [StoredRow] = []
    for place in places[firstPlace(after: after)...] {
      guard place.seq <= through else { break }
      if let row = latest[place.key], row.seq == place.seq, isWanted(row) { rows.append(row) }
    }
    return rows
  }

  /// By bisection, because catch-ups ask for the end of a long log.
  private func firstPlace(after seq: UInt64) -> Int {
    var low = 0
    var high = places.count
    while low < high {
      let middle = (low + high) / 2
      if places[middle].seq <= seq { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension StoredRow {
  var isDeparture: Bool { payload == nil }
}
