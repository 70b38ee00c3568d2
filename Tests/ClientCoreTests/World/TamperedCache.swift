// A cache as a lying server or a changed file would leave it: other payloads under the numbers that the rows had.
import ReviewModel
import Storage

/// What becomes of a row.
enum Tampering {
  case keep
  case drop
  case put(EntityValue)
}

extension MemoryCacheStore {
  func tamper(_ kind: EntityKind, _ change: (EntityValue) throws -> Tampering) throws {
    var rows: [ScopedRow] = []
    try allRows { scope, row in rows.append(ScopedRow(scope: scope, row: row)) }
    for scope in Set(rows.map(\.scope)).sorted() {
      var kept: [StoredRow] = []
      var leaves: Set<UInt8> = []
      for held in rows where held.scope == scope {
        var row = held.row
        if row.key.kind == kind, let payload = row.payload {
          let leaf = ScopeDigest.leaf(of: row.key)
          switch try change(try EntityValue(kind: kind, payload: payload)) {
          case .keep: break
          case .drop:
            leaves.insert(leaf)
            continue
          case .put(let value):
            leaves.insert(leaf)
            row.payload = value.payload
          }
        }
        kept.append(row)
      }
      _ = try repair(scope, head: .max, leaves: leaves, rows: kept)
    }
  }
}
