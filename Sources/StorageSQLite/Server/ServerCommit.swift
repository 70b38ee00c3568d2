// The statements of one group commit. Digests of scopes are read once, changed in memory and written once. Everything is
// written in the order of its keys, so that equal commits write equal pages.
import GRDB
import ReviewModel
import Storage
import Trust

/// The writing half of a commit, inside its transaction.
struct ServerCommit {
  private struct OpenScope {
    let number: DatabaseValue
    var head: UInt64
    var digest: ScopeDigest
  }

  private let database: Database
  private let path: String
  private var scopes: [Scope: OpenScope] = [:]

  init(database: Database, path: String) {
    self.database = database
    self.path = path
  }

  mutating func write(_ batch: CommitBatch) throws {
    for entry in batch.entries { try insert(entry) }
    for part in batch.parts { try insert(part) }
    for digest in batch.erasedParts { try erase(digest) }
    for node in batch.merkleNodes { try insert(node) }
    for write in batch.writes { try apply(write) }
    try saveScopes()
    try save(batch.lanes)
    for (key, index) in batch.touches.sorted(by: { $0.key < $1.key }) { try touch(key, index) }
    try database.executeCached(
      "UPDATE meta SET seq = ?, ledger_size = ?, epoch = ?",
      [
        ServerColumn.number(batch.next.seq), ServerColumn.number(batch.next.ledgerSize),
        ServerColumn.bytes(batch.next.epoch.bytes),
      ])
  }

  private func insert(_ entry: LedgerEntry) throws {
    try database.executeCached(
      """
      INSERT INTO ledger (ledger_index, leaf_record, leaf_hash, envelope, signature, mutation_id, body_digest, member, device,
        lane, number, commit_seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        ServerColumn.number(entry.index), ServerColumn.bytes(entry.leafRecord), ServerColumn.digest(entry.leafHash),
        ServerColumn.bytes(entry.envelope.bytes), ServerColumn.bytes(entry.envelope.signature.bytes),
        ServerColumn.bytes(entry.mutationID.bytes), ServerColumn.digest(entry.bodyDigest),
        ServerColumn.bytes(entry.member.bytes), ServerColumn.digest(entry.device), Int64(entry.lane).databaseValue,
        ServerColumn.number(entry.number), ServerColumn.number(entry.commitSeq),
      ])
    try database.executeCached("DELETE FROM deciding WHERE hash = ?", [ServerColumn.digest(entry.envelope.hash)])
  }

  private func insert(_ part: Part) throws {
    try database.executeCached(
      "INSERT INTO parts (digest, bytes) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING",
      [ServerColumn.digest(part.digest), ServerColumn.bytes(part.bytes)])
  }

  private func erase(_ part: Digest) throws {
    try database.executeCached("DELETE FROM parts WHERE digest = ?", [ServerColumn.digest(part)])
  }

  private func insert(_ node: MerkleNode) throws {
    try database.executeCached(
      "INSERT INTO merkle_nodes (level, node_index, hash) VALUES (?, ?, ?)",
      [Int64(node.level).databaseValue, ServerColumn.number(node.index), ServerColumn.digest(node.hash)])
  }

  private func save(_ lanes: [Digest: [UInt32: LanePosition]]) throws {
    for (device, positions) in lanes.sorted(by: { $0.key < $1.key }) {
      for (lane, position) in positions.sorted(by: { $0.key < $1.key }) {
        try database.executeCached(
          "INSERT OR REPLACE INTO lanes (device, lane, number, hash) VALUES (?, ?, ?, ?)",
          [
            ServerColumn.digest(device), Int64(lane).databaseValue, ServerColumn.number(position.number),
            ServerColumn.digest(position.hash),
          ])
      }
    }
  }

  private func touch(_ key: EntityKey, _ index: UInt64) throws {
    try database.executeCached(
      "INSERT OR REPLACE INTO touches (kind, id, ledger_index) VALUES (?, ?, ?)",
      [ServerColumn.kind(key.kind), ServerColumn.bytes(key.id), ServerColumn.number(index)])
  }
}

// MARK: - Changes

extension ServerCommit {
  /// The row replaces the entity's last one in the scope and moves to the end of the log; the digest follows.
  private mutating func apply(_ write: EntityWrite) throws {
    var scope = try open(write.scope)
    let leaf = ScopeDigest.leaf(of: write.key)
    let kind = ServerColumn.kind(write.key.kind)
    let id = ServerColumn.bytes(write.key.id)
    if let old = try formerRow(kind, id, scope.number) {
      if let hash = old.itemHash { scope.digest.remove(hash, leaf: leaf) }
      try database.executeCached("DELETE FROM entities WHERE seq = ?", [old.seq])
    }
    let itemHash = write.payload.map { ScopeDigest.itemHash(key: write.key, seq: write.seq, payload: $0) }
    if let itemHash { scope.digest.add(itemHash, leaf: leaf) }
    try database.executeCached(
      "INSERT INTO entities (seq, scope, kind, id, leaf, is_departure, item_hash, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      [
        ServerColumn.number(write.seq), scope.number, kind, id, Int64(leaf).databaseValue,
        (write.payload == nil ? 1 : 0).databaseValue, ServerColumn.bytes(itemHash?.bytes), ServerColumn.bytes(write.payload),
      ])
    scope.head = write.seq
    scopes[write.scope] = scope
  }

  /// Deletes stages up to a number, and takes them out of their scopes' digests; heads stay.
  mutating func forgetStages(through seq: UInt64) throws {
    let stages = try database.serverRows(
      """
      SELECT entities.seq, scopes.name, entities.leaf, entities.item_hash FROM entities JOIN scopes ON scopes.id = entities.scope
        WHERE kind = ? AND is_departure = 0 AND seq <= ?
      """,
      [ServerColumn.kind(.stage), ServerColumn.number(seq)], path: path
    ) { row in
      (
        seq: try row.number(0), scope: try row.require(Scope(name: try row.text(1))),
        leaf: try row.require(UInt8(exactly: try row.number(2))), hash: try row.require(Digest(try row.bytes(3)))
      )
    }
    for stage in stages {
      var scope = try open(stage.scope)
      scope.digest.remove(stage.hash, leaf: stage.leaf)
      scopes[stage.scope] = scope
      try database.executeCached("DELETE FROM entities WHERE seq = ?", [ServerColumn.number(stage.seq)])
    }
    try saveScopes()
  }

  private func formerRow(
    _ kind: DatabaseValue, _ id: DatabaseValue, _ scope: DatabaseValue
  ) throws -> (seq: DatabaseValue, itemHash: Digest?)? {
    try database.serverRow(
      "SELECT seq, item_hash FROM entities WHERE kind = ? AND id = ? AND scope = ?", [kind, id, scope], path: path
    ) { row in
      let itemHash = try row.optionalBytes(1)
      return (ServerColumn.number(try row.number(0)), try itemHash.map { try row.require(Digest($0)) })
    }
  }

  /// Takes the scope's digest out for changing; a scope that is new gets its number here.
  private mutating func open(_ scope: Scope) throws -> OpenScope {
    // Taken out, so that the digest's 8 KiB are changed in place and not copied for every row.
    if let known = scopes.removeValue(forKey: scope) { return known }
    let stored = try database.serverRow(
      "SELECT id, head, digest FROM scopes WHERE name = ?", [scope.name.databaseValue], path: path
    ) { row in
      OpenScope(
        number: ServerColumn.number(try row.number(0)), head: try row.number(1),
        digest: try row.require(ScopeDigest(stored: try row.bytes(2))))
    }
    if let stored { return stored }
    let digest = ScopeDigest()
    try database.executeCached(
      "INSERT INTO scopes (name, head, digest) VALUES (?, 0, ?)",
      [scope.name.databaseValue, ServerColumn.bytes(digest.stored)])
    return OpenScope(number: database.lastInsertedRowID.databaseValue, head: 0, digest: digest)
  }

  private func saveScopes() throws {
    for (_, scope) in scopes.sorted(by: { $0.key < $1.key }) { try save(scope) }
  }

  private func save(_ scope: OpenScope) throws {
    try database.executeCached(
      "UPDATE scopes SET head = ?, digest = ? WHERE id = ?",
      [ServerColumn.number(scope.head), ServerColumn.bytes(scope.digest.stored), scope.number])
  }
}
