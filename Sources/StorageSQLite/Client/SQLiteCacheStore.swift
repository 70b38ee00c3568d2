// The cache as a SQLite file: opening it, its scopes and settings. It can be thrown away and fetched again.
import GRDB
import ReviewModel
import Storage
import Trust

/// `cache.sqlite`. Other processes may read and write it at the same time.
package final class SQLiteCacheStore: CacheStore {
  let database: ClientDatabase

  /// Opens the file, or makes it with mode 0600. A damaged one is reported, for the caller to `destroy` and open anew.
  /// - Parameter busyTimeoutSeconds: how long a call waits for other processes, at most 5.
  /// - Throws: `damaged`, `tooNew`, `busy`, `readOnly`, `diskFull` or `inputOutput`.
  package init(
    path: String, busyTimeoutSeconds: Double = 5, place: DatabasePlace = .files
  ) throws(StorageError) {
    database = try ClientDatabase(path: path, kind: .cache, busyTimeoutSeconds: busyTimeoutSeconds, place: place)
  }

  package static func open(path: String) throws(StorageError) -> SQLiteCacheStore { try SQLiteCacheStore(path: path) }

  /// Removes the file with everything beside it. Nobody may have it open.
  package static func destroy(path: String) throws(StorageError) { try ClientDatabase.destroy(path: path) }

  package func close() throws(StorageError) { try database.close() }

  // MARK: Scopes

  package func scopes() throws(StorageError) -> [CachedScope] {
    try database.readOnce { database in
      try database.clientRows("SELECT name, cursor FROM scope ORDER BY name") { row in
        CachedScope(scope: try Self.scope(row.text(0)), cursor: row.unsigned(1))
      }
    }
  }

  package func grant(_ scopes: [Scope]) throws(StorageError) -> [Scope] {
    let granted = Set(scopes.filter(\.isGrantable))
    return try database.write { database in
      let held = try database.clientRows("SELECT id, name FROM scope ORDER BY name") { row in
        (id: row.integer(0), scope: try Self.scope(row.text(1)))
      }
      let dropped = held.filter { !granted.contains($0.scope) }
      for scope in dropped { try Self.drop(scope.id, name: scope.scope.name, in: database) }
      for scope in granted.subtracting(held.map(\.scope)).sorted() {
        try database.runClient(
          "INSERT INTO scope (name, cursor, digest) VALUES (?, 0, ?)", [scope.name, ScopeDigest().stored.clientBlob])
      }
      if !dropped.isEmpty {
        try Self.removeOrphans(in: database)
        try Self.countBaseChange(in: database)
      }
      return dropped.map(\.scope)
    }
  }

  private static func drop(_ id: Int64, name: String, in database: Database) throws {
    try database.runClient("DELETE FROM base WHERE scope = ?", [id])
    try database.runClient("DELETE FROM overlay WHERE scope = ?", [name])
    try database.runClient("DELETE FROM scope WHERE id = ?", [id])
  }

  /// The lines of subjects that went with a scope: what a device may not read any more must not be found in a list.
  private static func removeOrphans(in database: Database) throws {
    try database.runClient(
      """
      DELETE FROM subject_index WHERE NOT EXISTS (
        SELECT 1 FROM base b WHERE b.kind = ?1 AND b.id = subject_index.subject AND b.payload IS NOT NULL
      ) AND NOT EXISTS (
        SELECT 1 FROM overlay o WHERE o.kind = ?1 AND o.id = subject_index.subject AND o.payload IS NOT NULL
      )
      """,
      [Int64(EntityKind.subject.rawValue)])
  }

  // MARK: Settings

  package func setting(_ name: String) throws(StorageError) -> String? {
    try database.readOnce { try $0.clientRow("SELECT value FROM setting WHERE name = ?", [name]) { $0.text(0) } }
  }

  package func set(_ name: String, to value: String?) throws(StorageError) {
    try database.write { database in
      if let value {
        try database.runClient("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", [name, value])
      } else {
        try database.runClient("DELETE FROM setting WHERE name = ?", [name])
      }
    }
  }

  // MARK: Shared by the slices

  static func scope(_ name: String) throws(StorageError) -> Scope {
    guard let scope = Scope(name: name) else {
      throw StorageError(.damaged, "The cache holds a scope that does not exist; it must be fetched again.")
    }
    return scope
  }

  static func counter(_ name: String, in database: Database) throws -> UInt64 {
    try database.clientRow("SELECT value FROM counter WHERE name = ?", [name]) { $0.unsigned(0) } ?? 0
  }

  static func countBaseChange(in database: Database) throws {
    try database.runClient("UPDATE counter SET value = value + 1 WHERE name = 'base_version'")
  }
}
