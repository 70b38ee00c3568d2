// The cache's evidence: ledger entries with the proofs that they are in the log.
import GRDB
import ReviewModel
import Storage
import Trust

extension SQLiteCacheStore {
  private static let evidenceSelection = "SELECT ledger_index, leaf_record, envelope, signature, size, inclusion FROM evidence"

  package func append(evidence: [EvidenceRow]) throws(StorageError) {
    try database.write { database in
      for row in evidence {
        try database.runClient(
          """
          INSERT OR REPLACE INTO evidence (ledger_index, leaf_record, envelope, signature, size, inclusion)
          VALUES (?, ?, ?, ?, ?, ?)
          """,
          [
            row.index.clientInteger, row.leafRecord.clientBlob, row.envelope.bytes.clientBlob,
            row.envelope.signature.bytes.clientBlob, row.size.clientInteger, row.inclusion.flatMap(\.bytes).clientBlob,
          ])
      }
    }
  }

  package func evidence(_ indexes: [UInt64]) throws(StorageError) -> [UInt64: EvidenceRow] {
    try database.read { database in
      var found: [UInt64: EvidenceRow] = [:]
      for index in indexes {
        let sql = "\(Self.evidenceSelection) WHERE ledger_index = ?"
        found[index] = try database.clientRow(sql, [index.clientInteger]) { try Self.evidenceRow($0) }
      }
      return found
    }
  }

  package func allEvidence(_ body: (EvidenceRow) throws -> Void) throws(StorageError) {
    try database.read { database in
      try database.eachClientRow("\(Self.evidenceSelection) ORDER BY ledger_index") { try body(try Self.evidenceRow($0)) }
    }
  }

  package func missingEvidence(limit: Int) throws(StorageError) -> [UInt64] {
    try database.readOnce { database in
      try database.clientRows(
        """
        SELECT DISTINCT ledger_index FROM base b WHERE ledger_index IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.ledger_index = b.ledger_index)
        ORDER BY ledger_index LIMIT ?
        """,
        [max(limit, 0)]
      ) { $0.unsigned(0) }
    }
  }

  private static func evidenceRow(_ row: ClientRow) throws(StorageError) -> EvidenceRow {
    let inclusion = row.bytes(5)
    guard let signature = Signature(row.bytes(3)), inclusion.count.isMultiple(of: Digest.byteCount) else {
      throw StorageError(.damaged, "Evidence in the cache is damaged; the cache must be fetched again.")
    }
    let hashes = stride(from: 0, to: inclusion.count, by: Digest.byteCount).compactMap {
      Digest(inclusion[$0..<$0 + Digest.byteCount])
    }
    return EvidenceRow(
      index: row.unsigned(0), leafRecord: row.bytes(1),
      envelope: SignedEnvelope(bytes: row.bytes(2), signature: signature), size: row.unsigned(4), inclusion: hashes)
  }
}
