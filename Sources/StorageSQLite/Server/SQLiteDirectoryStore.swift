// The server's own records in `server.sqlite`. The running server and its administrator's commands write it side by side;
// each waits for the other for a few seconds.
import GRDB
import ReviewModel
import Storage
import Trust

/// The directory of a server on one machine.
package final class SQLiteDirectoryStore: DirectoryStore {
  private let database: ServerDatabase

  private init(_ database: ServerDatabase) { self.database = database }

  /// Opens the directory; for writing it makes the file (0600) and its folder (0700) if they are missing.
  /// - Throws: `damaged` for a file that is not a server's directory, `tooNew`; read-only: `notFound`.
  package static func open(path: String, readOnly: Bool = false) throws(StorageError) -> SQLiteDirectoryStore {
    SQLiteDirectoryStore(try ServerDatabase(path: path, schema: .directory, opening: readOnly ? .readOnly : .existingOrNew))
  }

  package func tenants() throws(StorageError) -> [TenantRecord] {
    try database.read { database in
      try database.serverRows("\(Self.tenantColumns) ORDER BY id", [], path: self.path, Self.tenantRecord)
    }
  }

  package func tenant(_ id: TenantID) throws(StorageError) -> TenantRecord? {
    try database.read { database in
      try database.serverRow(
        "\(Self.tenantColumns) WHERE id = ?", [ServerColumn.bytes(id.bytes)], path: self.path, Self.tenantRecord)
    }
  }

  package func insert(_ tenant: TenantRecord) throws(StorageError) {
    try database.write { database in
      guard try !Self.isTaken(tenant, database) else { throw tenant.conflict }
      try database.executeCached(
        "INSERT INTO tenants (id, name, created_milliseconds, root_fingerprint) VALUES (?, ?, ?, ?)",
        [
          ServerColumn.bytes(tenant.id.bytes), tenant.name.databaseValue, ServerColumn.number(tenant.createdMilliseconds),
          ServerColumn.bytes(tenant.rootFingerprint?.bytes),
        ])
    }
  }

  package func update(_ tenant: TenantRecord) throws(StorageError) {
    try database.write { database in
      guard try !Self.isNameTaken(tenant, database) else { throw tenant.conflict }
      try database.executeCached(
        "UPDATE tenants SET name = ?, created_milliseconds = ?, root_fingerprint = ? WHERE id = ?",
        [
          tenant.name.databaseValue, ServerColumn.number(tenant.createdMilliseconds),
          ServerColumn.bytes(tenant.rootFingerprint?.bytes), ServerColumn.bytes(tenant.id.bytes),
        ])
      guard database.changesCount == 1 else { throw tenant.notFound }
    }
  }

  package func insert(_ invitation: InvitationRecord) throws(StorageError) {
    try database.write { database in
      try database.executeCached(
        """
        INSERT INTO invitations (key, tenant, member, roles, name, created_milliseconds, expires_milliseconds)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING
        """,
        [
          ServerColumn.bytes(invitation.key.bytes), ServerColumn.bytes(invitation.tenant.bytes),
          ServerColumn.bytes(invitation.member.bytes), Self.text(invitation.roles).databaseValue,
          invitation.name.databaseValue, ServerColumn.number(invitation.createdMilliseconds),
          ServerColumn.number(invitation.expiresMilliseconds),
        ])
      guard database.changesCount == 1 else { throw invitation.conflict }
    }
  }

  package func invitation(_ key: PublicKey) throws(StorageError) -> InvitationRecord? {
    try database.read { database in
      try database.serverRow(
        """
        SELECT key, tenant, member, roles, name, created_milliseconds, expires_milliseconds FROM invitations WHERE key = ?
        """, [ServerColumn.bytes(key.bytes)], path: self.path
      ) { row in
        InvitationRecord(
          key: try row.require(PublicKey(try row.bytes(0))), tenant: try row.identifier(1), member: try row.identifier(2),
          roles: try row.require(Self.roles(try row.text(3))), name: try row.text(4), createdMilliseconds: try row.number(5),
          expiresMilliseconds: try row.number(6))
      }
    }
  }

  package func remove(invitation key: PublicKey) throws(StorageError) {
    try database.write { database in
      try database.executeCached("DELETE FROM invitations WHERE key = ?", [ServerColumn.bytes(key.bytes)])
    }
    database.tryToEmptyLog()
  }

  package func shown(of tenant: TenantID) throws(StorageError) -> SeenCheckpoint? {
    try database.read { database in
      try database.serverRow(
        "SELECT origin, size, root FROM old_copies WHERE tenant = ?", [ServerColumn.bytes(tenant.bytes)], path: self.path
      ) { SeenCheckpoint(origin: try $0.text(0), size: try $0.number(1), root: try $0.digest(2)) }
    }
  }

  package func keep(shown: SeenCheckpoint, of tenant: TenantID) throws(StorageError) {
    try database.write { database in
      try database.executeCached(
        "INSERT OR REPLACE INTO old_copies (tenant, origin, size, root) VALUES (?, ?, ?, ?)",
        [
          ServerColumn.bytes(tenant.bytes), shown.origin.databaseValue, ServerColumn.number(shown.size),
          ServerColumn.digest(shown.root),
        ])
    }
  }

  package func forgetShown(of tenant: TenantID) throws(StorageError) {
    try database.write { database in
      try database.executeCached("DELETE FROM old_copies WHERE tenant = ?", [ServerColumn.bytes(tenant.bytes)])
    }
  }

  package func setting(_ name: String) throws(StorageError) -> String? {
    try database.read { database in
      try database.serverRow(
        "SELECT value FROM settings WHERE name = ?", [name.databaseValue], path: self.path
      ) { try $0.text(0) }
    }
  }

  package func set(_ name: String, to value: String) throws(StorageError) {
    try database.write { database in
      try database.executeCached(
        "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", [name.databaseValue, value.databaseValue])
    }
  }

  package func close() throws(StorageError) { try database.close() }

  /// How the file is really written.
  package func durability() throws(StorageError) -> ServerDurability { try database.durability() }
}

// MARK: - Rows

extension SQLiteDirectoryStore {
  private static let tenantColumns = "SELECT id, name, created_milliseconds, root_fingerprint FROM tenants"

  private var path: String { database.path }

  private static func tenantRecord(_ row: ServerRow) throws -> TenantRecord {
    let fingerprint = try row.optionalBytes(3)
    return TenantRecord(
      id: try row.identifier(0), name: try row.text(1), createdMilliseconds: try row.number(2),
      rootFingerprint: try fingerprint.map { try row.require(Digest($0)) })
  }

  private static func isTaken(_ tenant: TenantRecord, _ database: Database) throws -> Bool {
    try Bool.fetchOne(
      database, sql: "SELECT EXISTS (SELECT 1 FROM tenants WHERE id = ? OR name = ?)",
      arguments: [ServerColumn.bytes(tenant.id.bytes), tenant.name]) ?? false
  }

  private static func isNameTaken(_ tenant: TenantRecord, _ database: Database) throws -> Bool {
    try Bool.fetchOne(
      database, sql: "SELECT EXISTS (SELECT 1 FROM tenants WHERE id <> ? AND name = ?)",
      arguments: [ServerColumn.bytes(tenant.id.bytes), tenant.name]) ?? false
  }

  private static func text(_ roles: [Role]) -> String { roles.map { String($0.rawValue) }.joined(separator: ",") }

  /// Nil for anything that is not a list of known roles.
  private static func roles(_ text: String) -> [Role]? {
    let roles = text.split(separator: ",").map { UInt32($0).flatMap(Role.init(rawValue:)) }
    return roles.contains(nil) ? nil : roles.compactMap(\.self)
  }
}
