// The state of scopes as text that two machines can compare with any tool: sorted JSON lines, one entity a line.
// Server and client write the same bytes for the same state.
import ReviewModel
import Trust

/// `{"scope":"…","kind":"…","id":"hex","seq":1,"payload":"hex"}`, sorted by scope name, kind and id.
package enum StateExport {
  package static let fileName = "entities.jsonl"

  /// One entity.
  package struct Row: Sendable, Hashable, Comparable {
    package var scope: Scope
    package var key: EntityKey
    package var seq: UInt64
    package var payload: [UInt8]

    package init(scope: Scope, key: EntityKey, seq: UInt64, payload: [UInt8]) {
      self.scope = scope
      self.key = key
      self.seq = seq
      self.payload = payload
    }

    package static func < (left: Row, right: Row) -> Bool {
      let leftName = left.scope.name
      let rightName = right.scope.name
      if leftName != rightName { return leftName.utf8.lexicographicallyPrecedes(rightName.utf8) }
      if left.key != right.key { return left.key < right.key }
      return left.seq < right.seq
    }
  }

  /// One line with its newline. Scope names and kinds are plain words, so nothing needs escaping.
  package static func line(_ row: Row) -> String {
    "{\"scope\":\"\(row.scope.name)\",\"kind\":\"\(row.key.kind)\",\"id\":\"\(Hex.encode(row.key.id))\","
      + "\"seq\":\(row.seq),\"payload\":\"\(Hex.encode(row.payload))\"}\n"
  }

  /// All lines, sorted.
  package static func text(_ rows: [Row]) -> String { rows.sorted().map(line).joined() }
}
