// The cache's base: rows as the server sent them, their digests, and which version of each entity is current.
import GRDB
import ReviewModel
import Storage
import Trust

extension SQLiteCacheStore {
  package func apply(_ page: CachedPage) throws(StorageError) -> Set<EntityKey>? {
    try database.write { database in
      guard page.from <= page.to, var writer = try CacheBaseWriter(page.scope, in: database), writer.cursor == page.from
      else { return nil }
      for row in page.rows { try writer.take(row) }
      try writer.finish(cursor: page.to)
      return writer.changed
    }
  }

  package func apply(fetched rows: [ScopedRow]) throws(StorageError) -> Set<EntityKey> {
    try database.write { database in
      var changed: Set<EntityKey> = []
      for (scope, scopeRows) in Dictionary(grouping: rows, by: \.scope).sorted(by: { $0.key < $1.key }) {
        guard var writer = try CacheBaseWriter(scope, in: database) else { continue }
        for row in scopeRows { try writer.take(row.row) }
        try writer.finish(cursor: nil)
        changed.formUnion(writer.changed)
      }
      return changed
    }
  }

  package func digest(_ scope: Scope) throws(StorageError) -> ScopeDigest {
    try database.readOnce { database in
      let bytes = try database.clientRow("SELECT digest FROM scope WHERE name = ?", [scope.name]) { $0.bytes(0) }
      guard let bytes else { return ScopeDigest() }
      return try CacheBaseWriter.digest(bytes)
    }
  }

  package func repair(
    _ scope: Scope, head: UInt64, leaves: Set<UInt8>, rows: [StoredRow]
  ) throws(StorageError) -> Set<EntityKey> {
    try database.write { database in
      guard var writer = try CacheBaseWriter(scope, in: database) else { return [] }
      try writer.repair(head: head, leaves: leaves, rows: rows)
      try writer.finish(cursor: nil)
      return writer.changed
    }
  }

  package func base(_ keys: [EntityKey]) throws(StorageError) -> [EntityKey: StoredEntity] {
    try database.read { database in
      var scopes = CacheScopeNames(database)
      var found: [EntityKey: StoredEntity] = [:]
      for key in keys { found[key] = try Self.base(key, &scopes, in: database) }
      return found
    }
  }

  static func base(_ key: EntityKey, _ scopes: inout CacheScopeNames, in database: Database) throws -> StoredEntity? {
    try database.clientRow(
      "SELECT scope, seq, payload FROM base WHERE kind = ? AND id = ? AND payload IS NOT NULL ORDER BY seq DESC LIMIT 1",
      [Int64(key.kind.rawValue), key.id.clientBlob]
    ) { StoredEntity(scope: try scopes.scope($0.integer(0)), seq: $0.unsigned(1), payload: $0.bytes(2)) }
  }

  package func allRows(_ body: (Scope, StoredRow) throws -> Void) throws(StorageError) {
    try database.read { database in
      let sql = """
        SELECT s.name, b.kind, b.id, b.seq, b.payload FROM base b JOIN scope s ON s.id = b.scope
        WHERE b.payload IS NOT NULL ORDER BY s.name, b.kind, b.id
        """
      try database.eachClientRow(sql) { row in
        let key = EntityKey(kind: try Self.kind(row.integer(1)), id: row.bytes(2))
        try body(try Self.scope(row.text(0)), StoredRow(key: key, seq: row.unsigned(3), payload: row.bytes(4)))
      }
    }
  }

  static func kind(_ value: Int64) throws(StorageError) -> EntityKind {
    guard let kind = UInt32(exactly: value).flatMap(EntityKind.init) else {
      throw StorageError(.damaged, "The cache holds an entity of an unknown kind; it must be fetched again.")
    }
    return kind
  }
}
