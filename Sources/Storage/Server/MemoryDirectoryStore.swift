// The server's own records in memory, with the semantics of the durable directory: for the simulator and for tests.
import ReviewModel
import Synchronization
import Trust

/// The directory that needs no disk.
package final class MemoryDirectoryStore: DirectoryStore {
  private struct Contents: Sendable {
    var tenants: [TenantID: TenantRecord] = [:]
    var invitations: [PublicKey: InvitationRecord] = [:]
    var shown: [TenantID: SeenCheckpoint] = [:]
    var settings: [String: String] = [:]
    var isClosed = false
  }

  private let contents = Mutex(Contents())

  package init() {}

  package func tenants() throws(StorageError) -> [TenantRecord] {
    try use { $0.tenants.values.sorted { $0.id < $1.id } }
  }

  package func tenant(_ id: TenantID) throws(StorageError) -> TenantRecord? { try use { $0.tenants[id] } }

  package func insert(_ tenant: TenantRecord) throws(StorageError) {
    try use { contents throws(StorageError) in
      guard contents.tenants[tenant.id] == nil, !contents.tenants.values.contains(where: { $0.name == tenant.name }) else {
        throw tenant.conflict
      }
      contents.tenants[tenant.id] = tenant
    }
  }

  package func update(_ tenant: TenantRecord) throws(StorageError) {
    try use { contents throws(StorageError) in
      guard !contents.tenants.values.contains(where: { $0.id != tenant.id && $0.name == tenant.name }) else {
        throw tenant.conflict
      }
      guard contents.tenants[tenant.id] != nil else { throw tenant.notFound }
      contents.tenants[tenant.id] = tenant
    }
  }

  package func insert(_ invitation: InvitationRecord) throws(StorageError) {
    try use { contents throws(StorageError) in
      guard contents.invitations[invitation.key] == nil else { throw invitation.conflict }
      contents.invitations[invitation.key] = invitation
    }
  }

  package func invitation(_ key: PublicKey) throws(StorageError) -> InvitationRecord? { try use { $0.invitations[key] } }

  package func remove(invitation key: PublicKey) throws(StorageError) { try use { $0.invitations[key] = nil } }

  package func shown(of tenant: TenantID) throws(StorageError) -> SeenCheckpoint? { try use { $0.shown[tenant] } }

  package func keep(shown: SeenCheckpoint, of tenant: TenantID) throws(StorageError) { try use { $0.shown[tenant] = shown } }

  package func forgetShown(of tenant: TenantID) throws(StorageError) { try use { $0.shown[tenant] = nil } }

  package func setting(_ name: String) throws(StorageError) -> String? { try use { $0.settings[name] } }

  package func set(_ name: String, to value: String) throws(StorageError) { try use { $0.settings[name] = value } }

  package func close() throws(StorageError) { contents.withLock { $0.isClosed = true } }

  private func use<Answer: Sendable>(
    _ body: (inout Contents) throws(StorageError) -> Answer
  ) throws(StorageError) -> Answer {
    try contents.withLock { contents throws(StorageError) in
      guard !contents.isClosed else { throw MemoryTenantContents.closed }
      return try body(&contents)
    }
  }
}
