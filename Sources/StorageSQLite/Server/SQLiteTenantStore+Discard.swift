// Forgetting what nobody needs any more: old departures, and stages that no import took.
import GRDB
import ReviewModel
import Storage

extension SQLiteTenantStore {
  package func discard(_ discard: StoreDiscard) throws(StorageError) {
    try database.write { database in
      try database.executeCached(
        "DELETE FROM entities WHERE is_departure = 1 AND seq <= ?", [ServerColumn.number(discard.departuresThrough)])
      var commit = ServerCommit(database: database, path: self.path)
      try commit.forgetStages(through: discard.stagesThrough)
    }
  }
}
