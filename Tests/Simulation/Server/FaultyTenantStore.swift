// A tenant's store on a disk that can be full and a machine that can lose power between any two steps; and the place where
// bugs of the server are planted without touching it.
import ReviewModel
import Storage
import Trust

// Guard: a simulation and everything in it runs on one thread.
final class FaultyTenantStore: TenantStore, @unchecked Sendable {
  private let memory: MemoryTenantStore
  /// What a crash leaves of it, for a server that answers before its commit is durable.
  private var durable: MemoryTenantStore?
  private let bug: PlantedBug?
  /// Deciding this mutation kills the process, however often it is tried.
  var poison: MutationID?
  /// Counts steps of writing; true if the power fails now.
  var losesPower: () -> Bool = { false }
  private(set) var hasCrashed = false
  /// Told of what is durable, also when nobody else learns of it any more.
  var onWrite: (CommitBatch) -> Void = { _ in }

  init(_ memory: MemoryTenantStore, bug: PlantedBug?) {
    self.memory = memory
    self.bug = bug
    if bug == .answerBeforeCommit { durable = memory.backup() }
  }

  /// What the next process finds.
  func reopened() -> FaultyTenantStore {
    let found = FaultyTenantStore((durable ?? memory).reopened(), bug: bug)
    found.losesPower = losesPower
    found.poison = poison
    return found
  }

  func backup() -> MemoryTenantStore { memory.backup() }

  func fillDisk(_ isFull: Bool) {
    memory.failWrites(with: isFull ? StorageError(.diskFull, "The disk is full; free some space.") : nil)
  }

  private func power() throws(StorageError) {
    if losesPower() { hasCrashed = true }
    guard !hasCrashed else { throw StorageError(.closed, "The power has failed.") }
  }

  // MARK: Writing

  func mark(deciding hashes: [Digest]) throws(StorageError) {
    try power()
    if bug != .forgetMarkers { try memory.mark(deciding: hashes) }
    try power()
  }

  func write(_ batch: CommitBatch) throws(StorageError) {
    if kills(batch) { hasCrashed = true }
    try power()
    if bug == .answerBeforeCommit { durable = memory.backup() }
    try memory.write(batch)
    onWrite(batch)
    try power()
  }

  /// Whether the batch holds the poisoned mutation as decided by the rules. Parked unseen it does no harm.
  private func kills(_ batch: CommitBatch) -> Bool {
    batch.entries.contains { entry in
      guard entry.mutationID == poison, let record = try? LeafRecord(canonical: entry.leafRecord) else { return false }
      return record.outcome.code != .serverFault
    }
  }

  func discard(_ discard: StoreDiscard) throws(StorageError) { try memory.discard(discard) }

  func close() throws(StorageError) { try memory.close() }

  // MARK: Reading

  func state() throws(StorageError) -> TenantState { try memory.state() }
  func load(_ keys: [EntityKey]) throws(StorageError) -> [EntityKey: StoredEntity] { try memory.load(keys) }
  func lastTouches(_ keys: [EntityKey]) throws(StorageError) -> [EntityKey: UInt64] { try memory.lastTouches(keys) }
  func lanes(of device: Digest) throws(StorageError) -> [UInt32: LanePosition] { try memory.lanes(of: device) }

  func entry(device: Digest, lane: UInt32, number: UInt64) throws(StorageError) -> LedgerEntry? {
    guard bug == .changeOutcome else { return try memory.entry(device: device, lane: lane, number: number) }
    guard var entry = try memory.entry(device: device, lane: lane, number: number) else { return nil }
    do {
      var record = try LeafRecord(canonical: entry.leafRecord)
      record.serverMilliseconds += 1
      entry.leafRecord = record.encoded()
      entry.leafHash = MerkleHash.leaf(entry.leafRecord)
    } catch {
      throw StorageError(.damaged, "A stored record cannot be read.")
    }
    return entry
  }

  func entry(mutation: MutationID) throws(StorageError) -> LedgerEntry? {
    bug == .forgetMutations ? nil : try memory.entry(mutation: mutation)
  }

  func decidingMarkers() throws(StorageError) -> [DecidingMarker] { try memory.decidingMarkers() }

  func entries(from index: UInt64, limit: Int) throws(StorageError) -> [LedgerEntry] {
    try memory.entries(from: index, limit: limit)
  }

  func entry(index: UInt64) throws(StorageError) -> LedgerEntry? { try memory.entry(index: index) }

  func merkleNode(level: UInt8, index: UInt64) throws(StorageError) -> Digest {
    try memory.merkleNode(level: level, index: index)
  }

  func parts(_ digests: [Digest]) throws(StorageError) -> [Digest: Part] { try memory.parts(digests) }

  func page(_ request: PageRequest) throws(StorageError) -> StoredPage {
    var request = request
    if bug == .skipDepartures { request.includesDepartures = false }
    var page = try memory.page(request)
    if bug == .skipLastRow, page.remaining == 0, page.rows.count > 1 { page.rows.removeLast() }
    return page
  }

  func heads(_ scopes: [Scope]) throws(StorageError) -> [Scope: UInt64] { try memory.heads(scopes) }

  func digest(_ scope: Scope) throws(StorageError) -> (head: UInt64, digest: ScopeDigest) { try memory.digest(scope) }

  func leafRows(_ scope: Scope, leaf: UInt8) throws(StorageError) -> [StoredRow] {
    try memory.leafRows(scope, leaf: leaf)
  }

  func entities(_ kind: EntityKind, in scope: Scope, limit: Int) throws(StorageError) -> [StoredRow] {
    try memory.entities(kind, in: scope, limit: limit)
  }

  func campaigns() throws(StorageError) -> [StoredEntity] { try memory.campaigns() }
}
