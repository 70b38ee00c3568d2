// A tenant's store on a disk that can be full and a machine that can lose power between any two steps; and the place where
// bugs of the server are planted without touching it.
import ReviewModel
import Storage
import Trust

// Guard: a simulation and everything in it runs on one thread.
final class FaultyTenantStore: TenantStore, @unchecked Sendable {
  let files: any ServerFiles
  /// What a crash leaves of it, for a server that answers before its commit is durable.
  private var durable: (any ServerFiles)?
  private let bug: PlantedBug?
  /// Deciding this mutation kills the process, however often it is tried.
  var poison: MutationID?
  /// Counts steps of writing; true if the power fails now.
  var losesPower: () -> Bool = { false }
  private var isDead = false
  /// Told of what is durable, also when nobody else learns of it any more.
  var onWrite: (CommitBatch) -> Void = { _ in }
  /// Told of what was refused; a disk that loses power afterwards may hold it all the same.
  var onFailure: (CommitBatch, TenantState?) -> Void = { _, _ in }

  init(_ files: any ServerFiles, bug: PlantedBug?) {
    self.files = files
    self.bug = bug
    if answersEarly { durable = files.backup() }
  }

  private var memory: any TenantStore { files.store }
  private var answersEarly: Bool { bug == .answerBeforeCommit || files.disk?.bug == .answerBeforeCommit }
  var hasCrashed: Bool { isDead || files.isStopped }

  /// What the next process finds.
  func reopened() -> FaultyTenantStore {
    let left = durable ?? files
    left.end(files.suddenEnd)
    let found = FaultyTenantStore(left, bug: bug)
    found.losesPower = losesPower
    found.poison = poison
    return found
  }

  func backup() throws(StorageError) -> ServerBackup { ServerBackup(files: files.backup(), state: try memory.state()) }

  func fillDisk(_ isFull: Bool) { files.fillDisk(isFull) }

  private func power() throws(StorageError) {
    if losesPower() { isDead = true }
    guard !hasCrashed else { throw StorageError(.closed, "The power has failed.") }
  }

  // MARK: Writing

  func mark(deciding hashes: [Digest]) throws(StorageError) {
    try power()
    if bug != .forgetMarkers { try memory.mark(deciding: hashes) }
    try power()
  }

  func write(_ batch: CommitBatch) throws(StorageError) {
    if kills(batch) { isDead = true }
    try power()
    if answersEarly { durable = files.backup() }
    do {
      try memory.write(batch)
    } catch {
      onFailure(batch, try? memory.state())
      throw error
    }
    onWrite(batch)
    try power()
  }

  /// Whether the batch holds the poisoned mutation as decided by the rules. Parked unseen, or as a repeat, it does no harm.
  private func kills(_ batch: CommitBatch) -> Bool {
    batch.entries.contains { entry in
      guard entry.mutationID == poison, let record = try? LeafRecord(canonical: entry.leafRecord) else { return false }
      return record.outcome.code != .serverFault && record.outcome.duplicateOf == nil
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
