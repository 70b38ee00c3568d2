// What an operator does at the console: make a tenant, invite a member or a further device of one. Nothing here needs the
// running server.
import ReviewModel
import Storage
import SyncEngine
import Trust

package struct TenantAdministration: Sendable {
  package static let invitationLifetimeMilliseconds: UInt64 = 14 * 24 * 3_600_000
  package static let nameByteLimit = 200

  private let identity: ServerIdentity
  private let environment: ServerEnvironment
  private let directory: any DirectoryStore

  package init(identity: ServerIdentity, environment: ServerEnvironment, directory: any DirectoryStore) {
    self.identity = identity
    self.environment = environment
    self.directory = directory
  }

  /// Makes a tenant: entry 1 of its ledger, signed by the server's key, then its place in the directory.
  ///
  /// - Parameter makeStore: makes the tenant's empty store; it is closed again here.
  package func create(
    name: String, makeStore: (TenantID, EpochID) throws(StorageError) -> any TenantStore
  ) throws(AdministrationError) -> TenantRecord {
    try Self.check(name)
    do {
      guard try !directory.tenants().contains(where: { $0.name == name }) else {
        throw AdministrationError(.nameTaken, "There is a tenant named “\(name)” already; choose another name.")
      }
      let tenant: TenantID = environment.randomIdentifier()
      let epoch: EpochID = environment.randomIdentifier()
      let store = try makeStore(tenant, epoch)
      try writeGenesis(name: name, tenant: tenant, epoch: epoch, store: store)
      try store.close()
      let record = TenantRecord(
        id: tenant, name: name, createdMilliseconds: environment.wallMilliseconds(), rootFingerprint: nil)
      try directory.insert(record)
      return record
    } catch let error as StorageError {
      throw AdministrationError(.storage, error.sentence)
    } catch let error as AdministrationError {
      throw error
    } catch {
      throw AdministrationError(.storage, "The tenant could not be made: \(error)")
    }
  }

  /// Whether a tenant or member can be called so, which no data need be known for.
  ///
  /// - Throws: `badName`.
  package static func check(_ name: String) throws(AdministrationError) {
    guard !name.isEmpty, name.utf8.count <= nameByteLimit, name.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) else {
      throw AdministrationError(.badName, "A name has 1 to \(nameByteLimit) bytes and no control characters.")
    }
  }

  private func writeGenesis(
    name: String, tenant: TenantID, epoch: EpochID, store: any TenantStore
  ) throws {
    let part = Part.text(name, kind: .name, salt: environment.randomBytes(Part.saltByteCount))
    var genesis = CreateTenant()
    genesis.tenant = tenant
    genesis.serverKey = identity.signingKey.publicKey
    genesis.epoch = epoch
    genesis.name = part.digest
    let now = environment.wallMilliseconds()
    let envelope = ServerEnvelope.make(
      .createTenant(genesis), parts: [part], tenant: tenant, after: LanePosition(number: 0, hash: .zero),
      key: identity.signingKey, mutationID: environment.randomIdentifier(), nowMilliseconds: now)
    let ledger = LedgerIdentity(origin: identity.origin(tenant: tenant, epoch: epoch), serverDevice: identity.device)
    let committer = LedgerCommitter(store: store, identity: ledger)
    let decision = try committer.decide([envelope].compactMap { $0 }, nowMilliseconds: now)
    guard let batch = decision.batch, case .answered(let answer) = decision.results.first, answer.outcome.status == .applied
    else {
      throw AdministrationError(.refused, "The rules refused the tenant's first entry; report this as a bug.")
    }
    try store.write(batch)
  }

  /// The tenant with this id or name.
  package func tenant(named text: String) throws(AdministrationError) -> TenantRecord {
    do {
      let all = try directory.tenants()
      if let found = all.first(where: { $0.id.hex == text }) ?? all.first(where: { $0.name == text }) { return found }
    } catch {
      throw AdministrationError(.storage, error.sentence)
    }
    throw AdministrationError(.noTenant, "There is no tenant “\(text)”; countersignd tenant list shows them.")
  }

  /// Makes an invitation for a new member; only its public half is kept.
  package func invite(
    to tenant: TenantRecord, roles: [Role], name: String, url: String
  ) throws(AdministrationError) -> InvitationCode {
    try Self.check(name)
    guard !roles.isEmpty else { throw AdministrationError(.badRole, "An invitation needs a role.") }
    return try invite(environment.randomIdentifier(), to: tenant, roles: roles.sorted(), name: name, url: url)
  }

  /// Makes an invitation for a further device of a member who is there, and who keeps name and roles.
  package func invite(
    to tenant: TenantRecord, deviceOf member: MemberEntity, url: String
  ) throws(AdministrationError) -> InvitationCode {
    guard !member.isRemoved else { throw AdministrationError.removed(member.name) }
    // Every invitation brings a name. The member's own stays what it is, and whose name was erased is not named again.
    let name = member.name.isEmpty ? member.id.hex : member.name
    return try invite(member.id, to: tenant, roles: [], name: name, url: url)
  }

  private func invite(
    _ member: MemberID, to tenant: TenantRecord, roles: [Role], name: String, url: String
  ) throws(AdministrationError) -> InvitationCode {
    let seed = environment.randomBytes(SigningKey.seedByteCount)
    guard let key = SigningKey(seed: seed) else { throw AdministrationError(.storage, "No key could be made; try again.") }
    let now = environment.wallMilliseconds()
    let record = InvitationRecord(
      key: key.publicKey, tenant: tenant.id, member: member, roles: roles, name: name, createdMilliseconds: now,
      expiresMilliseconds: now + Self.invitationLifetimeMilliseconds)
    do {
      try directory.insert(record)
    } catch {
      throw AdministrationError(.storage, error.sentence)
    }
    var code = InvitationCode()
    code.url = url
    code.tenant = tenant.id
    code.tenantName = tenant.name
    code.serverKey = identity.signingKey.publicKey
    code.rootFingerprint = tenant.rootFingerprint
    code.seed = seed
    return code
  }
}

/// Why the console could not do it. Two errors are equal when their codes are.
package struct AdministrationError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Code: Sendable, Hashable {
    case nameTaken, badName, badRole, noTenant, noMember, severalMembers, refused, storage
  }

  package let code: Code
  /// A sentence with the remedy.
  package let sentence: String

  package init(_ code: Code, _ sentence: String) {
    self.code = code
    self.sentence = sentence
  }

  package static func == (left: AdministrationError, right: AdministrationError) -> Bool { left.code == right.code }

  package var description: String { sentence }
}
