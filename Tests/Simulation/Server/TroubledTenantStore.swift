// What stands between the server's logic and its store: a disk that may fail at any call, and answers that a planted bug
// changes. Without either it passes everything on.
import ReviewModel
import Storage
import Trust

// Guard: a simulation and everything in it runs on one thread.
final class TroubledTenantStore: TenantStore, @unchecked Sendable {
  let store: any TenantStore
  private let disk: DiskTrouble
  let bug: PlantedBug?
  /// What is being decided, for bugs that answer with an eye on it.
  var deciding: [Envelope] = []

  init(_ store: any TenantStore, disk: DiskTrouble, bug: PlantedBug?) {
    self.store = store
    self.disk = disk
    self.bug = bug
  }

  private func read<Answer>(_ body: () throws(StorageError) -> Answer) throws(StorageError) -> Answer {
    try disk.read()
    return try body()
  }

  func state() throws(StorageError) -> TenantState { try read { () throws(StorageError) in try store.state() } }

  func load(_ keys: [EntityKey]) throws(StorageError) -> [EntityKey: StoredEntity] {
    let found = try read { () throws(StorageError) in try store.load(keys) }
    return bug == nil ? found : try planted(loaded: found)
  }

  func lastTouches(_ keys: [EntityKey]) throws(StorageError) -> [EntityKey: UInt64] {
    try read { () throws(StorageError) in try store.lastTouches(keys) }
  }

  func lanes(of device: Digest) throws(StorageError) -> [UInt32: LanePosition] {
    let lanes = try read { () throws(StorageError) in try store.lanes(of: device) }
    return bug == nil ? lanes : planted(lanes: lanes, of: device)
  }

  func entry(device: Digest, lane: UInt32, number: UInt64) throws(StorageError) -> LedgerEntry? {
    try read { () throws(StorageError) in try store.entry(device: device, lane: lane, number: number) }
  }

  func entry(mutation: MutationID) throws(StorageError) -> LedgerEntry? {
    let entry = try read { () throws(StorageError) in try store.entry(mutation: mutation) }
    return bug == .applyTwice ? nil : entry
  }

  func decidingMarkers() throws(StorageError) -> [DecidingMarker] {
    try read { () throws(StorageError) in try store.decidingMarkers() }
  }

  func entries(from index: UInt64, limit: Int) throws(StorageError) -> [LedgerEntry] {
    try read { () throws(StorageError) in try store.entries(from: index, limit: limit) }
  }

  func entry(index: UInt64) throws(StorageError) -> LedgerEntry? {
    try read { () throws(StorageError) in try store.entry(index: index) }
  }

  func merkleNode(level: UInt8, index: UInt64) throws(StorageError) -> Digest {
    try read { () throws(StorageError) in try store.merkleNode(level: level, index: index) }
  }

  func parts(_ digests: [Digest]) throws(StorageError) -> [Digest: Part] {
    try read { () throws(StorageError) in try store.parts(digests) }
  }

  func page(_ request: PageRequest) throws(StorageError) -> StoredPage {
    var page = try read { () throws(StorageError) in try store.page(request) }
    if bug == .skipFirstRow, request.after > 0, page.rows.count > 1 { page.rows.removeFirst() }
    return page
  }

  func heads(_ scopes: [Scope]) throws(StorageError) -> [Scope: UInt64] {
    try read { () throws(StorageError) in try store.heads(scopes) }
  }

  func digest(_ scope: Scope) throws(StorageError) -> (head: UInt64, digest: ScopeDigest) {
    let found = try read { () throws(StorageError) in try store.digest(scope) }
    return bug == .wrongLeaf ? (found.head, try planted(digestOf: scope, found.digest)) : found
  }

  func leafRows(_ scope: Scope, leaf: UInt8) throws(StorageError) -> [StoredRow] {
    try read { () throws(StorageError) in try store.leafRows(scope, leaf: leaf) }
  }

  func entities(_ kind: EntityKind, in scope: Scope, limit: Int) throws(StorageError) -> [StoredRow] {
    try read { () throws(StorageError) in try store.entities(kind, in: scope, limit: limit) }
  }

  func campaigns() throws(StorageError) -> [StoredEntity] {
    planted(campaigns: try read { () throws(StorageError) in try store.campaigns() })
  }

  // MARK: Writing

  func mark(deciding hashes: [Digest]) throws(StorageError) {
    try disk.write()
    try store.mark(deciding: hashes)
  }

  func write(_ batch: CommitBatch) throws(StorageError) {
    let batch = bug == nil ? batch : planted(batch)
    try disk.write()
    try store.write(batch)
  }

  func discard(_ discard: StoreDiscard) throws(StorageError) {
    try disk.write()
    try store.discard(discard)
  }

  func close() throws(StorageError) { try store.close() }
}
