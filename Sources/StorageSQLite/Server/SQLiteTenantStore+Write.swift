// One group commit: one immediate transaction that checks the head, writes everything and moves the head.
import GRDB
import Storage

extension SQLiteTenantStore {
  package func write(_ batch: CommitBatch) throws(StorageError) {
    try batch.check()
    try database.write { database in
      let found = try Self.state(database, path: self.path)
      guard found == batch.expected else {
        throw StorageError(
          .headMoved,
          "\(self.path) is at change \(found.seq) and entry \(found.ledgerSize), not where the commit expected it; decide again."
        )
      }
      var commit = ServerCommit(database: database, path: self.path)
      try commit.write(batch)
    }
    if !batch.erasedParts.isEmpty { database.tryToEmptyLog() }
  }
}
