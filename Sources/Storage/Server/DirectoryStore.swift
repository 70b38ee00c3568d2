// What a store must do for the server itself: its tenants, which of them are old copies, open invitations and settings.
// Other processes write it too.
import ReviewModel
import Trust

/// The server's own records (`server.sqlite`).
package protocol DirectoryStore: AnyObject, Sendable {
  func tenants() throws(StorageError) -> [TenantRecord]
  func tenant(_ id: TenantID) throws(StorageError) -> TenantRecord?
  /// - Throws: `conflict` if the id or the name is taken.
  func insert(_ tenant: TenantRecord) throws(StorageError)
  func update(_ tenant: TenantRecord) throws(StorageError)
  func insert(_ invitation: InvitationRecord) throws(StorageError)
  func invitation(_ key: PublicKey) throws(StorageError) -> InvitationRecord?
  /// Forgets an invitation, if there is one: what it says is in the ledger, from where it can be erased.
  func remove(invitation key: PublicKey) throws(StorageError)
  /// The checkpoint that a tenant's files lack although this server has signed it; nil if they are not known to be an old copy.
  func shown(of tenant: TenantID) throws(StorageError) -> SeenCheckpoint?
  /// Keeps it in place of what was kept for the tenant.
  func keep(shown: SeenCheckpoint, of tenant: TenantID) throws(StorageError)
  /// Forgets it, if there is one.
  func forgetShown(of tenant: TenantID) throws(StorageError)
  func setting(_ name: String) throws(StorageError) -> String?
  func set(_ name: String, to value: String) throws(StorageError)
  func close() throws(StorageError)
}

/// A tenant as the server lists it.
package struct TenantRecord: Sendable, Hashable {
  package var id: TenantID
  package var name: String
  package var createdMilliseconds: UInt64
  /// Known once the first admin's device has named it.
  package var rootFingerprint: Digest?

  package init(id: TenantID, name: String, createdMilliseconds: UInt64, rootFingerprint: Digest?) {
    self.id = id
    self.name = name
    self.createdMilliseconds = createdMilliseconds
    self.rootFingerprint = rootFingerprint
  }
}

/// An invitation made by `countersignd invite`; it reaches the ledger when it is used.
package struct InvitationRecord: Sendable, Hashable {
  package var key: PublicKey
  package var tenant: TenantID
  package var member: MemberID
  package var roles: [Role]
  package var name: String
  package var createdMilliseconds: UInt64
  package var expiresMilliseconds: UInt64

  package init(
    key: PublicKey, tenant: TenantID, member: MemberID, roles: [Role], name: String, createdMilliseconds: UInt64,
    expiresMilliseconds: UInt64
  ) {
    self.key = key
    self.tenant = tenant
    self.member = member
    self.roles = roles
    self.name = name
    self.createdMilliseconds = createdMilliseconds
    self.expiresMilliseconds = expiresMilliseconds
  }
}
