// The ledger: entries by index, lane and mutation, the nodes of the Merkle tree, and the parts that are still there.
import GRDB
import ReviewModel
import Storage
import Trust

extension SQLiteTenantStore {
  private static let columns = """
    SELECT ledger_index, leaf_record, leaf_hash, envelope, signature, mutation_id, body_digest, member, device, lane, number,
      commit_seq FROM ledger
    """

  package func entry(device: Digest, lane: UInt32, number: UInt64) throws(StorageError) -> LedgerEntry? {
    try entries(
      "WHERE device = ? AND lane = ? AND number = ?",
      [ServerColumn.digest(device), Int64(lane).databaseValue, ServerColumn.number(number)]
    ).first
  }

  package func entry(mutation: MutationID) throws(StorageError) -> LedgerEntry? {
    guard let first = try entry(mutation, after: nil) else { return nil }
    guard first.isOfUnknownKind else { return first }
    var last = first
    // One at a time: repeats are many only where somebody wants them to be.
    while let next = try entry(mutation, after: last.index) {
      if first.givesWay(to: next) { return next }
      last = next
    }
    return first
  }

  private func entry(_ mutation: MutationID, after index: UInt64?) throws(StorageError) -> LedgerEntry? {
    try entries(
      "WHERE mutation_id = ? AND ledger_index > ? ORDER BY ledger_index LIMIT 1",
      [ServerColumn.bytes(mutation.bytes), index.map(ServerColumn.number) ?? Int64(-1).databaseValue]
    ).first
  }

  package func entry(index: UInt64) throws(StorageError) -> LedgerEntry? {
    try entries("WHERE ledger_index = ?", [ServerColumn.number(index)]).first
  }

  package func entries(from index: UInt64, limit: Int) throws(StorageError) -> [LedgerEntry] {
    try entries(
      "WHERE ledger_index >= ? ORDER BY ledger_index LIMIT ?",
      [ServerColumn.number(index), Int64(max(0, limit)).databaseValue])
  }

  package func merkleNode(level: UInt8, index: UInt64) throws(StorageError) -> Digest {
    let node = try database.read { database in
      try database.serverRow(
        "SELECT hash FROM merkle_nodes WHERE level = ? AND node_index = ?",
        [Int64(level).databaseValue, ServerColumn.number(index)], path: self.path
      ) { try $0.digest(0) }
    }
    guard let node else {
      throw StorageError(.notFound, "The log has no complete node \(index) at level \(level); ask for one below its size.")
    }
    return node
  }

  package func parts(_ digests: [Digest]) throws(StorageError) -> [Digest: Part] {
    try database.read { database in
      var parts: [Digest: Part] = [:]
      for digest in digests where parts[digest] == nil {
        parts[digest] = try database.serverRow(
          "SELECT bytes FROM parts WHERE digest = ?", [ServerColumn.digest(digest)], path: self.path
        ) { row in
          let part = try row.require(Part(try row.bytes(0)))
          guard part.digest == digest else { throw ServerStorageFailure.damaged(self.path) }
          return part
        }
      }
      return parts
    }
  }

  private func entries(_ condition: String, _ arguments: [DatabaseValue]) throws(StorageError) -> [LedgerEntry] {
    try database.read { database in
      try database.serverRows("\(Self.columns) \(condition)", arguments, path: self.path) { row in
        LedgerEntry(
          index: try row.number(0), leafRecord: try row.bytes(1), leafHash: try row.digest(2),
          envelope: SignedEnvelope(bytes: try row.bytes(3), signature: try row.require(Signature(try row.bytes(4)))),
          mutationID: try row.identifier(5), bodyDigest: try row.digest(6), member: try row.identifier(7),
          device: try row.digest(8), lane: try row.smallNumber(9), number: try row.number(10), commitSeq: try row.number(11))
      }
    }
  }
}
