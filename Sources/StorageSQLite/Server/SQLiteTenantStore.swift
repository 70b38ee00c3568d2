// One tenant's whole state in one SQLite file: isolation, backup and deletion are by file.
// The file is written ahead (WAL) and durable with every commit; readers see the last commit while the next is written.
import GRDB
import ReviewModel
import Storage
import Trust

/// The tenant store of a server on one machine.
package final class SQLiteTenantStore: TenantStore {
  let database: ServerDatabase
  let scopes = ServerScopeNames()

  private init(_ database: ServerDatabase) { self.database = database }

  /// Makes the file of a new tenant, mode 0600, and its folder (0700) if that is missing.
  /// - Throws: `conflict` if there is a tenant's database already, `damaged` if there is another file.
  package static func create(
    path: String, tenant: TenantID, epoch: EpochID, place: DatabasePlace = .files
  ) throws(StorageError) -> SQLiteTenantStore {
    let database = try ServerDatabase(path: path, schema: .tenant, opening: .create, place: place) { database in
      try database.execute(
        sql: "INSERT INTO meta (id, tenant, epoch, seq, ledger_size) VALUES (0, ?, ?, 0, 0)",
        arguments: [ServerColumn.bytes(tenant.bytes), ServerColumn.bytes(epoch.bytes)])
    }
    return SQLiteTenantStore(database)
  }

  /// Opens a tenant's file. Opened for writing, deciding markers that are still set count a crash.
  /// - Throws: `notFound`, `damaged` for a file that is not a tenant's database, `tooNew`; read-only: `readOnly` for an older one.
  package static func open(
    path: String, readOnly: Bool = false, place: DatabasePlace = .files
  ) throws(StorageError) -> SQLiteTenantStore {
    let database = try ServerDatabase(
      path: path, schema: .tenant, opening: readOnly ? .readOnly : .existing, place: place)
    let store = SQLiteTenantStore(database)
    _ = try store.state()
    if !readOnly { try store.countCrashes() }
    return store
  }

  package func state() throws(StorageError) -> TenantState {
    try database.read { try Self.state($0, path: self.path) }
  }

  package func close() throws(StorageError) {
    clearMarkersBeforeClosing()
    try database.close()
  }

  /// How the file is really written.
  package func durability() throws(StorageError) -> ServerDurability { try database.durability() }

  var path: String { database.path }

  static func state(_ database: Database, path: String) throws -> TenantState {
    let state = try database.serverRow("SELECT seq, ledger_size, tenant, epoch FROM meta", [], path: path) { row in
      TenantState(
        seq: try row.number(0), ledgerSize: try row.number(1), tenant: try row.identifier(2), epoch: try row.identifier(3))
    }
    guard let state else { throw ServerStorageFailure.damaged(path) }
    return state
  }
}
