// What sessions read of the change log: pages, heads, digests and repairs, each its own short read.
import GRDB
import ReviewModel
import Storage
import Trust

extension SQLiteTenantStore {
  package func page(_ request: PageRequest) throws(StorageError) -> StoredPage {
    try database.read { database in
      guard let scope = try self.number(of: request.scope, database) else { return StoredPage(rows: [], remaining: 0) }
      let rows = try self.pageRows(request, scope: scope, database)
      guard rows.isCutShort, let last = rows.rows.last else { return StoredPage(rows: rows.rows, remaining: 0) }
      let remaining = try database.serverRow(
        "SELECT count(*) FROM entities WHERE scope = ? AND seq > ? AND seq <= ? AND is_departure <= ?",
        [scope, ServerColumn.number(last.seq), ServerColumn.number(request.through), Self.departures(request)],
        path: self.path
      ) { try $0.number(0) }
      return StoredPage(rows: rows.rows, remaining: remaining ?? 0)
    }
  }

  package func heads(_ scopes: [Scope]) throws(StorageError) -> [Scope: UInt64] {
    try database.read { database in
      var heads: [Scope: UInt64] = [:]
      for scope in scopes {
        heads[scope] =
          try database.serverRow(
            "SELECT head FROM scopes WHERE name = ?", [scope.name.databaseValue], path: self.path
          ) { try $0.number(0) } ?? 0
      }
      return heads
    }
  }

  package func digest(_ scope: Scope) throws(StorageError) -> (head: UInt64, digest: ScopeDigest) {
    try database.read { database in
      try database.serverRow(
        "SELECT head, digest FROM scopes WHERE name = ?", [scope.name.databaseValue], path: self.path
      ) { row in
        (head: try row.number(0), digest: try row.require(ScopeDigest(stored: try row.bytes(1))))
      } ?? (head: 0, digest: ScopeDigest())
    }
  }

  package func leafRows(_ scope: Scope, leaf: UInt8) throws(StorageError) -> [StoredRow] {
    try rows(in: scope, "AND is_departure = 0 AND leaf = ? ORDER BY seq", [Int64(leaf).databaseValue])
  }

  package func entities(_ kind: EntityKind, in scope: Scope, limit: Int) throws(StorageError) -> [StoredRow] {
    try rows(
      in: scope, "AND is_departure = 0 AND kind = ? ORDER BY seq DESC LIMIT ?",
      [ServerColumn.kind(kind), Int64(max(0, limit)).databaseValue])
  }

  package func campaigns() throws(StorageError) -> [StoredEntity] {
    try database.read { database in
      try database.serverRows(
        "SELECT scope, seq, payload FROM entities WHERE kind = ? AND is_departure = 0 ORDER BY id",
        [ServerColumn.kind(.campaign)], path: self.path
      ) { row in
        StoredEntity(
          scope: try self.scope(number: try row.number(0), database), seq: try row.number(1), payload: try row.bytes(2))
      }
    }
  }

  private func rows(in scope: Scope, _ condition: String, _ arguments: [DatabaseValue]) throws(StorageError) -> [StoredRow] {
    try database.read { database in
      guard let number = try self.number(of: scope, database) else { return [] }
      return try database.serverRows(
        "SELECT seq, kind, id, payload FROM entities WHERE scope = ? \(condition)", [number] + arguments, path: self.path,
        Self.storedRow)
    }
  }

  /// As many rows as fit, at least one, and whether there are more.
  private func pageRows(
    _ request: PageRequest, scope: DatabaseValue, _ database: Database
  ) throws -> (rows: [StoredRow], isCutShort: Bool) {
    let cursor = try Row.fetchCursor(
      try database.cachedStatement(
        sql: """
          SELECT seq, kind, id, payload FROM entities
          WHERE scope = ? AND seq > ? AND seq <= ? AND is_departure <= ? ORDER BY seq
          """),
      arguments: [scope, ServerColumn.number(request.after), ServerColumn.number(request.through), Self.departures(request)])
    var rows: [StoredRow] = []
    var byteCount = 0
    while let found = try cursor.next() {
      let row = try Self.storedRow(ServerRow(found, path: path))
      byteCount += row.byteCount
      if !rows.isEmpty, rows.count >= request.rowLimit || byteCount > request.byteLimit { return (rows, true) }
      rows.append(row)
    }
    return (rows, false)
  }

  /// The largest value of `is_departure` that is asked for.
  private static func departures(_ request: PageRequest) -> DatabaseValue {
    (request.includesDepartures ? 1 : 0).databaseValue
  }

  private static func storedRow(_ row: ServerRow) throws -> StoredRow {
    StoredRow(
      key: EntityKey(kind: try row.kind(1), id: try row.bytes(2)), seq: try row.number(0), payload: try row.optionalBytes(3))
  }

  private func number(of scope: Scope, _ database: Database) throws -> DatabaseValue? {
    try database.serverRow(
      "SELECT id FROM scopes WHERE name = ?", [scope.name.databaseValue], path: path
    ) { ServerColumn.number(try $0.number(0)) }
  }
}
