// Writes rows of one scope into the cache's base, inside of a transaction: only what is newer counts, the scope's digest
// follows row by row, and the keys are noted whose current version became another one.
import GRDB
import ReviewModel
import Storage
import Trust

struct CacheBaseWriter {
  private let database: Database
  private let scopeID: Int64
  let cursor: UInt64
  private var digest: ScopeDigest
  private var hasChanged = false
  private var hasErased = false
  /// Keys whose current version is another one now.
  private(set) var changed: Set<EntityKey> = []

  /// Nil if the scope is not granted.
  init?(_ scope: Scope, in database: Database) throws {
    let stored = try database.clientRow("SELECT id, cursor, digest FROM scope WHERE name = ?", [scope.name]) { row in
      (id: row.integer(0), cursor: row.unsigned(1), digest: try Self.digest(row.bytes(2)))
    }
    guard let stored else { return nil }
    self.database = database
    scopeID = stored.id
    cursor = stored.cursor
    digest = stored.digest
  }

  static func digest(_ bytes: [UInt8]) throws(StorageError) -> ScopeDigest {
    guard let digest = ScopeDigest(stored: bytes) else {
      throw StorageError(.damaged, "A digest in the cache is damaged; it must be fetched again.")
    }
    return digest
  }

  /// Takes the row if it is newer than what the scope holds of it.
  mutating func take(_ row: StoredRow) throws {
    let held = try held(row.key)
    let own = held.first { $0.version.scope == scopeID }
    if let own, own.version.seq >= row.seq { return }
    try replace(row, own: own, held: held)
  }

  /// Makes the leaves what the server says they are at `head`; what is newer than `head` stays.
  mutating func repair(head: UInt64, leaves: Set<UInt8>, rows: [StoredRow]) throws {
    var given: [EntityKey: StoredRow] = [:]
    for row in rows where leaves.contains(ScopeDigest.leaf(of: row.key)) { given[row.key] = row }
    for leaf in leaves.sorted() {
      for old in try keys(leaf: leaf) where given[old.key] == nil && !old.isDeparture && old.seq <= head {
        try remove(old.key)
      }
    }
    for row in given.values.sorted(by: { $0.key < $1.key }) {
      let held = try held(row.key)
      let own = held.first { $0.version.scope == scopeID }
      if let own, own.version.seq > head, own.version.seq >= row.seq { continue }
      try replace(row, own: own, held: held)
    }
    for leaf in leaves.sorted() { try addUp(leaf) }
  }

  /// Stores digest and cursor.
  mutating func finish(cursor next: UInt64?) throws {
    guard hasChanged || next != nil else { return }
    if hasChanged {
      try database.runClient(
        "UPDATE scope SET cursor = ?, digest = ? WHERE id = ?",
        [(next ?? cursor).clientInteger, digest.stored.clientBlob, scopeID])
      try SQLiteCacheStore.countBaseChange(in: database)
      if hasErased { try SQLiteCacheStore.noteErasure(in: database) }
    } else {
      try database.runClient("UPDATE scope SET cursor = ? WHERE id = ?", [(next ?? cursor).clientInteger, scopeID])
    }
  }

  // MARK: Rows

  private struct Held {
    var row: Int64
    var version: HeldVersion<Int64>
    var itemHash: Digest?
  }

  private func held(_ key: EntityKey) throws -> [Held] {
    try database.clientRows(
      "SELECT row, scope, seq, item_hash FROM base WHERE kind = ? AND id = ?", [Int64(key.kind.rawValue), key.id.clientBlob]
    ) { row in
      let hash = row.digest(3)
      return Held(
        row: row.integer(0), version: HeldVersion(scope: row.integer(1), seq: row.unsigned(2), isDeparture: hash == nil),
        itemHash: hash)
    }
  }

  private mutating func replace(_ row: StoredRow, own: Held?, held: [Held]) throws {
    let leaf = ScopeDigest.leaf(of: row.key)
    let hash = row.payload.map { ScopeDigest.itemHash(key: row.key, seq: row.seq, payload: $0) }
    if let old = own?.itemHash { digest.remove(old, leaf: leaf) }
    if let hash { digest.add(hash, leaf: leaf) }
    let ties = CacheTies(kind: row.key.kind, payload: row.payload)
    hasErased = hasErased || ties.isErased
    if let own {
      try database.runClient(
        "UPDATE base SET seq = ?, item_hash = ?, parent = ?, ledger_index = ?, payload = ? WHERE row = ?",
        [
          row.seq.clientInteger, hash?.bytes.clientBlob, ties.parent?.clientBlob, ties.ledgerIndex?.clientInteger,
          row.payload?.clientBlob, own.row,
        ])
    } else {
      try database.runClient(
        """
        INSERT INTO base (kind, id, scope, seq, leaf, item_hash, parent, ledger_index, payload)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          Int64(row.key.kind.rawValue), row.key.id.clientBlob, scopeID, row.seq.clientInteger, Int64(leaf),
          hash?.bytes.clientBlob, ties.parent?.clientBlob, ties.ledgerIndex?.clientInteger, row.payload?.clientBlob,
        ])
    }
    let version = HeldVersion(scope: scopeID, seq: row.seq, isDeparture: hash == nil)
    note(row.key, held: held, own: version, isOtherHash: hash != own?.itemHash)
  }

  private mutating func remove(_ key: EntityKey) throws {
    let held = try held(key)
    try database.runClient(
      "DELETE FROM base WHERE kind = ? AND id = ? AND scope = ?", [Int64(key.kind.rawValue), key.id.clientBlob, scopeID])
    note(key, held: held, own: nil, isOtherHash: true)
  }

  /// Notes the key if another version is current, or the same one with other bytes.
  private mutating func note(_ key: EntityKey, held: [Held], own: HeldVersion<Int64>?, isOtherHash: Bool) {
    hasChanged = true
    let before = held.map(\.version).current()
    var versions = held.map(\.version).filter { $0.scope != scopeID }
    if let own { versions.append(own) }
    let after = versions.current()
    if before != after || (isOtherHash && after?.scope == scopeID) { changed.insert(key) }
  }

  // MARK: Leaves

  private struct LeafKey {
    var key: EntityKey
    var seq: UInt64
    var isDeparture: Bool
  }

  private func keys(leaf: UInt8) throws -> [LeafKey] {
    try database.clientRows(
      "SELECT kind, id, seq, payload IS NULL FROM base WHERE scope = ? AND leaf = ? ORDER BY kind, id",
      [scopeID, Int64(leaf)]
    ) { row in
      let key = EntityKey(kind: try SQLiteCacheStore.kind(row.integer(0)), id: row.bytes(1))
      return LeafKey(key: key, seq: row.unsigned(2), isDeparture: row.bool(3))
    }
  }

  /// The leaf's sum from the payloads themselves: whatever was wrong with it, or with a stored hash, is gone.
  private mutating func addUp(_ leaf: UInt8) throws {
    let hashes = try database.clientRows(
      "SELECT row, kind, id, seq, payload FROM base WHERE scope = ? AND leaf = ? AND payload IS NOT NULL",
      [scopeID, Int64(leaf)]
    ) { row in
      let key = EntityKey(kind: try SQLiteCacheStore.kind(row.integer(1)), id: row.bytes(2))
      return (row.integer(0), ScopeDigest.itemHash(key: key, seq: row.unsigned(3), payload: row.bytes(4)))
    }
    digest.clear(leaf: leaf)
    for (row, hash) in hashes {
      digest.add(hash, leaf: leaf)
      try database.runClient(
        "UPDATE base SET item_hash = ?1 WHERE row = ?2 AND item_hash IS NOT ?1", [hash.bytes.clientBlob, row])
    }
    hasChanged = true
  }
}
