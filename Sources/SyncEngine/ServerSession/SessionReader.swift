// What a session reads of its tenant's store: each function is one order's answer. Synchronous, so that a shell can run
// it beside everything else and the simulator can drive it directly.
import ReviewModel
import ReviewRules
import Storage
import SyncProtocol
import Trust

package struct SessionReader: Sendable {
  let store: any TenantStore
  private let origin: String

  package init(store: any TenantStore, origin: String) {
    self.store = store
    self.origin = origin
  }

  // MARK: Who

  /// The device and its member; nil if the device is not enrolled.
  package func identity(of device: Digest) throws(StorageError) -> SessionIdentity? {
    guard let (device, member) = try people(device) else { return nil }
    let state = try store.state()
    return SessionIdentity(tenant: state.tenant, epoch: state.epoch, origin: origin, device: device, member: member)
  }

  /// What a device may read now; nil if it is not enrolled.
  package func access(of device: Digest) throws(StorageError) -> SessionAccess? {
    guard let (device, member) = try people(device) else { return nil }
    let granted = device.isRevoked ? [] : Self.granted(to: member, campaigns: try store.campaigns())
    return SessionAccess(device: device, member: member, scopes: try store.heads(Array(granted)))
  }

  /// The scopes that a member's devices are granted.
  package static func granted(to member: MemberEntity, campaigns: [StoredEntity]) -> Set<Scope> {
    let known = campaigns.compactMap { stored in
      // A campaign that cannot be read is granted to nobody.
      try? CampaignEntity(tolerating: stored.payload)
    }
    return Visibility.grantedScopes(member: member, campaigns: known).filter(\.isGrantable)
  }

  private func people(_ device: Digest) throws(StorageError) -> (DeviceEntity, MemberEntity)? {
    guard case .device(let found) = try entity(.device(device))?.value,
      case .member(let member) = try entity(.member(found.member))?.value
    else { return nil }
    return (found, member)
  }

  private func entity(_ key: EntityKey) throws(StorageError) -> Entity? {
    guard let stored = try store.load([key])[key] else { return nil }
    return try StoredLedger.entity(key, stored)
  }

  /// What Welcome says; nil if the device is not enrolled.
  package func opening(
    device: Digest, seen: SeenCheckpoint, nowMilliseconds: UInt64
  ) throws(StorageError) -> SessionOpening? {
    guard let access = try access(of: device) else { return nil }
    let lanes = try store.lanes(of: device).sorted { $0.key < $1.key }.map { lane, position in
      LaneState(lane: lane, lastNumber: position.number, lastHash: position.hash)
    }
    let checkpoint = try checkpoint(scopes: [], since: seen.origin == origin ? seen.size : 0)
    return SessionOpening(access: access, lanes: lanes, checkpoint: checkpoint, serverMilliseconds: nowMilliseconds)
  }

  // MARK: Where the tenant stands

  package func headSeq() throws(StorageError) -> UInt64 { try store.state().seq }

  /// The ledger's head with a proof that it continues `since`, and the digests of the scopes.
  package func checkpoint(scopes: [Scope], since: UInt64) throws(StorageError) -> CheckpointReading {
    // Before the digests: up to this number each of them is complete, whatever is committed while they are read.
    let state = try store.state()
    var digests: [ScopeDigestHead] = []
    for scope in scopes {
      let (head, digest) = try store.digest(scope)
      digests.append(ScopeDigestHead(scope: scope, head: head, digest: digest.digest))
    }
    let source = StoreNodeSource(store: store)
    let isContinued = since > 0 && since < state.ledgerSize
    return CheckpointReading(
      seq: state.seq, size: state.ledgerSize, root: try StoredProof.root(size: state.ledgerSize, source: source),
      consistency: isContinued
        ? try StoredProof.consistency(first: since, second: state.ledgerSize, source: source) : [],
      digests: digests, durableThrough: state.ledgerSize, hasBackup: false)
  }

  package func heads(_ scopes: [Scope]) throws(StorageError) -> [ScopeHead] {
    try store.heads(scopes).sorted { $0.key < $1.key }.map { ScopeHead(scope: $0.key, head: $0.value) }
  }

  package func page(_ request: PageRequest) throws(StorageError) -> StoredPage { try store.page(request) }

  // MARK: Repairs

  /// The leaves that differ, and the number up to which the rows that follow are complete.
  package func compare(_ scope: Scope, leaves: [Digest]) throws(StorageError) -> (head: UInt64, leaves: [UInt8]) {
    let (head, digest) = try store.digest(scope)
    let differing = zip(digest.leaves, leaves).enumerated().filter { $0.element.0 != $0.element.1 }.map { UInt8($0.offset) }
    return (head, differing)
  }

  package func leafRows(_ scope: Scope, leaf: UInt8) throws(StorageError) -> [StoredRow] {
    try store.leafRows(scope, leaf: leaf)
  }
}
