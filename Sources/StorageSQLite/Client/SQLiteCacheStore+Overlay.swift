// The cache's overlay: what pending mutations make of the base, and the view of both.
import GRDB
import ReviewModel
import Storage
import Trust

extension SQLiteCacheStore {
  package func view(_ keys: [EntityKey]) throws(StorageError) -> [EntityKey: StoredEntity] {
    try database.read { database in
      var scopes = CacheScopeNames(database)
      var found: [EntityKey: StoredEntity] = [:]
      for key in keys {
        let overlaid = try database.clientRow(
          "SELECT scope, payload FROM overlay WHERE kind = ? AND id = ?", [Int64(key.kind.rawValue), key.id.clientBlob]
        ) { try Self.overlayEntry(scope: $0.text(0), payload: $0.optionalBytes(1)) }
        if let overlaid {
          found[key] = overlaid.payload.map { StoredEntity(scope: overlaid.scope, seq: 0, payload: $0) }
        } else {
          found[key] = try Self.base(key, &scopes, in: database)
        }
      }
      return found
    }
  }

  package func children(_ kind: EntityKind, of parent: [UInt8]) throws(StorageError) -> [EntityKey: StoredEntity] {
    // The newest version says what an entity belongs to, so an older one of another scope must not.
    let newest = """
      AND parent = ?2 AND NOT EXISTS (
        SELECT 1 FROM base c WHERE c.kind = base.kind AND c.id = base.id AND c.seq > base.seq AND c.payload IS NOT NULL)
      """
    return try entities(kind, base: newest, overlay: "AND parent = ?2", [Int64(kind.rawValue), parent.clientBlob])
  }

  package func all(_ kind: EntityKind) throws(StorageError) -> [EntityKey: StoredEntity] {
    try entities(kind, base: "", overlay: "", [Int64(kind.rawValue)])
  }

  private func entities(
    _ kind: EntityKind, base: String, overlay: String, _ arguments: StatementArguments
  ) throws(StorageError) -> [EntityKey: StoredEntity] {
    try database.read { database in
      var scopes = CacheScopeNames(database)
      var found: [EntityKey: StoredEntity] = [:]
      let held = "SELECT id, scope, seq, payload FROM base WHERE kind = ?1 AND payload IS NOT NULL \(base)"
      try database.eachClientRow(held, arguments) { row in
        let key = EntityKey(kind: kind, id: row.bytes(0))
        let seq = row.unsigned(2)
        if let other = found[key], other.seq >= seq { return }
        found[key] = StoredEntity(scope: try scopes.scope(row.integer(1)), seq: seq, payload: row.bytes(3))
      }
      for id in try database.clientRows("SELECT id FROM overlay WHERE kind = ?", [Int64(kind.rawValue)], { $0.bytes(0) }) {
        found[EntityKey(kind: kind, id: id)] = nil
      }
      let pending = "SELECT id, scope, payload FROM overlay WHERE kind = ?1 AND payload IS NOT NULL \(overlay)"
      try database.eachClientRow(pending, arguments) { row in
        found[EntityKey(kind: kind, id: row.bytes(0))] = StoredEntity(
          scope: try Self.scope(row.text(1)), seq: 0, payload: row.bytes(2))
      }
      return found
    }
  }

  package func baseVersion() throws(StorageError) -> UInt64 {
    try database.readOnce { try Self.counter("base_version", in: $0) }
  }

  package func overlayPosition() throws(StorageError) -> OverlayPosition {
    try database.read { database in
      OverlayPosition(
        outboxVersion: try Self.counter("overlay_outbox", in: database),
        baseVersion: try Self.counter("overlay_base", in: database))
    }
  }

  package func update(_ overlay: OverlayUpdate) throws(StorageError) {
    let hasErased = try database.write { database in
      if overlay.isWhole { try database.runClient("DELETE FROM overlay") }
      for (key, entry) in overlay.entries.sorted(by: { $0.key < $1.key }) { try Self.set(entry, for: key, in: database) }
      try Self.index(overlay.index, in: database)
      let position: [(String, UInt64)] = [
        ("overlay_outbox", overlay.position.outboxVersion), ("overlay_base", overlay.position.baseVersion),
      ]
      for (name, value) in position {
        try database.runClient("UPDATE counter SET value = ? WHERE name = ?", [value.clientInteger, name])
      }
      return try Self.forgetErased(after: overlay, in: database)
    }
    if hasErased { database.tryToEmptyLog() }
  }

  package func overlayKeys() throws(StorageError) -> Set<EntityKey> {
    try database.readOnce { database in
      Set(
        try database.clientRows("SELECT kind, id FROM overlay") { row in
          EntityKey(kind: try Self.kind(row.integer(0)), id: row.bytes(1))
        })
    }
  }

  private static func overlayEntry(scope name: String, payload: [UInt8]?) throws(StorageError) -> OverlayEntry {
    OverlayEntry(scope: try scope(name), payload: payload)
  }

  private static func set(_ entry: OverlayEntry?, for key: EntityKey, in database: Database) throws {
    let id: StatementArguments = [Int64(key.kind.rawValue), key.id.clientBlob]
    guard let entry else { return try database.runClient("DELETE FROM overlay WHERE kind = ? AND id = ?", id) }
    let ties = CacheTies(kind: key.kind, payload: entry.payload)
    try database.runClient(
      """
      INSERT INTO overlay (kind, id, scope, parent, payload) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (kind, id) DO UPDATE SET scope = excluded.scope, parent = excluded.parent, payload = excluded.payload
      """,
      id + [entry.scope.name, ties.parent?.clientBlob, entry.payload?.clientBlob])
  }
}
