// What deciding needs: current entities, touches, lanes, and the markers of what is being decided.
import GRDB
import ReviewModel
import Storage
import Trust

extension SQLiteTenantStore {
  package func load(_ keys: [EntityKey]) throws(StorageError) -> [EntityKey: StoredEntity] {
    try database.read { database in
      var found: [EntityKey: StoredEntity] = [:]
      for key in keys where found[key] == nil {
        found[key] = try self.current(key, database)
      }
      return found
    }
  }

  package func lastTouches(_ keys: [EntityKey]) throws(StorageError) -> [EntityKey: UInt64] {
    try database.read { database in
      var touches: [EntityKey: UInt64] = [:]
      for key in keys {
        touches[key] = try database.serverRow(
          "SELECT ledger_index FROM touches WHERE kind = ? AND id = ?",
          [ServerColumn.kind(key.kind), ServerColumn.bytes(key.id)], path: self.path
        ) { try $0.number(0) }
      }
      return touches
    }
  }

  package func lanes(of device: Digest) throws(StorageError) -> [UInt32: LanePosition] {
    try database.read { database in
      let lanes = try database.serverRows(
        "SELECT lane, number, hash FROM lanes WHERE device = ?", [ServerColumn.digest(device)], path: self.path
      ) { (try $0.smallNumber(0), LanePosition(number: try $0.number(1), hash: try $0.digest(2))) }
      return Dictionary(uniqueKeysWithValues: lanes)
    }
  }

  package func decidingMarkers() throws(StorageError) -> [DecidingMarker] {
    try database.read { database in
      try database.serverRows("SELECT hash, crash_count FROM deciding ORDER BY hash", [], path: self.path) {
        DecidingMarker(hash: try $0.digest(0), crashCount: try $0.smallNumber(1))
      }
    }
  }

  package func mark(deciding hashes: [Digest]) throws(StorageError) {
    try database.write { database in
      for hash in hashes {
        try database.executeCached(
          "INSERT INTO deciding (hash, crash_count, is_set) VALUES (?, 0, 1) ON CONFLICT (hash) DO UPDATE SET is_set = 1",
          [ServerColumn.digest(hash)])
      }
    }
  }

  /// A marker that is still set when the file is opened was not cleared by a commit or an orderly end.
  func countCrashes() throws(StorageError) {
    try database.write { database in
      try database.execute(sql: "UPDATE deciding SET crash_count = crash_count + 1, is_set = 0 WHERE is_set = 1")
    }
  }

  /// An orderly end is no crash: what was marked and not committed (a full disk) is not held against it.
  func clearMarkersBeforeClosing() {
    guard !database.isReadOnly else { return }
    do {
      try database.write { database in
        try database.execute(sql: "DELETE FROM deciding WHERE is_set = 1 AND crash_count = 0")
        try database.execute(sql: "UPDATE deciding SET is_set = 0 WHERE is_set = 1")
      }
    } catch {
      // Closing must work on a disk that takes no more, and twice. A marker that stays costs one careful decision.
    }
  }

  /// The version that is not a departure; the newest, should there be two.
  private func current(_ key: EntityKey, _ database: Database) throws -> StoredEntity? {
    let versions = try database.serverRows(
      "SELECT scope, seq, payload FROM entities WHERE kind = ? AND id = ? AND is_departure = 0",
      [ServerColumn.kind(key.kind), ServerColumn.bytes(key.id)], path: path
    ) { row in
      StoredEntity(
        scope: try self.scope(number: try row.number(0), database), seq: try row.number(1), payload: try row.bytes(2))
    }
    return versions.max { $0.seq < $1.seq }
  }

  /// The scope that rows name by a number. Only in read transactions.
  func scope(number: UInt64, _ database: Database) throws -> Scope {
    if let known = scopes[number] { return known }
    let scope = try database.serverRow(
      "SELECT name FROM scopes WHERE id = ?", [ServerColumn.number(number)], path: path
    ) { try $0.scope(0) }
    guard let scope else { throw ServerStorageFailure.damaged(path) }
    scopes.remember(scope, as: number)
    return scope
  }
}
