// A tenant's store on a disk that fills up: so many commits still fit, and nothing is forgotten once it is full. It tells when
// it is closed.
import ReviewModel
import Storage
import Synchronization
import Trust

final class FillingTenantStore: TenantStore {
  private let store: any TenantStore
  private let room: Mutex<Int>
  private let onClose: @Sendable () -> Void

  init(_ store: any TenantStore, commitsThatFit: Int = .max, onClose: @escaping @Sendable () -> Void = {}) {
    self.store = store
    room = Mutex(commitsThatFit)
    self.onClose = onClose
  }

  /// Nothing is full any more.
  func empty() { room.withLock { $0 = .max } }

  private static let full = StorageError(.diskFull, "The disk is full; make room.")

  func write(_ batch: CommitBatch) throws(StorageError) {
    let fits = room.withLock { room -> Bool in
      defer { room = max(0, room - 1) }
      return room > 0
    }
    guard fits else { throw Self.full }
    try store.write(batch)
  }

  func discard(_ discard: StoreDiscard) throws(StorageError) {
    guard room.withLock({ $0 > 0 }) else { throw Self.full }
    try store.discard(discard)
  }

  // MARK: What needs no room

  func mark(deciding hashes: [Digest]) throws(StorageError) { try store.mark(deciding: hashes) }

  func close() throws(StorageError) {
    onClose()
    try store.close()
  }

  func state() throws(StorageError) -> TenantState { try store.state() }

  func load(_ keys: [EntityKey]) throws(StorageError) -> [EntityKey: StoredEntity] { try store.load(keys) }

  func lastTouches(_ keys: [EntityKey]) throws(StorageError) -> [EntityKey: UInt64] { try store.lastTouches(keys) }

  func lanes(of device: Digest) throws(StorageError) -> [UInt32: LanePosition] { try store.lanes(of: device) }

  func entry(device: Digest, lane: UInt32, number: UInt64) throws(StorageError) -> LedgerEntry? {
    try store.entry(device: device, lane: lane, number: number)
  }

  func entry(mutation: MutationID) throws(StorageError) -> LedgerEntry? { try store.entry(mutation: mutation) }

  func decidingMarkers() throws(StorageError) -> [DecidingMarker] { try store.decidingMarkers() }

  func entries(from index: UInt64, limit: Int) throws(StorageError) -> [LedgerEntry] {
    try store.entries(from: index, limit: limit)
  }

  func entry(index: UInt64) throws(StorageError) -> LedgerEntry? { try store.entry(index: index) }

  func merkleNode(level: UInt8, index: UInt64) throws(StorageError) -> Digest {
    try store.merkleNode(level: level, index: index)
  }

  func parts(_ digests: [Digest]) throws(StorageError) -> [Digest: Part] { try store.parts(digests) }

  func page(_ request: PageRequest) throws(StorageError) -> StoredPage { try store.page(request) }

  func heads(_ scopes: [Scope]) throws(StorageError) -> [Scope: UInt64] { try store.heads(scopes) }

  func digest(_ scope: Scope) throws(StorageError) -> (head: UInt64, digest: ScopeDigest) { try store.digest(scope) }

  func leafRows(_ scope: Scope, leaf: UInt8) throws(StorageError) -> [StoredRow] {
    try store.leafRows(scope, leaf: leaf)
  }

  func entities(_ kind: EntityKind, in scope: Scope, limit: Int) throws(StorageError) -> [StoredRow] {
    try store.entities(kind, in: scope, limit: limit)
  }

  func campaigns() throws(StorageError) -> [StoredEntity] { try store.campaigns() }
}
