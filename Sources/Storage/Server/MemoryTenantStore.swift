// A tenant's whole state in memory, with exactly the semantics of the durable stores: for the simulator and for tests.
// A commit that returned counts as durable; crashes, full disks and restored backups are played with the hooks at the end.
import ReviewModel
import Synchronization
import Trust

/// The tenant store that needs no disk.
package final class MemoryTenantStore: TenantStore {
  private let contents: Mutex<MemoryTenantContents>

  package init(tenant: TenantID, epoch: EpochID) { contents = Mutex(MemoryTenantContents(tenant: tenant, epoch: epoch)) }

  private init(_ contents: MemoryTenantContents) { self.contents = Mutex(contents) }

  package func state() throws(StorageError) -> TenantState { try read { $0.state } }

  // MARK: What deciding needs

  package func load(_ keys: [EntityKey]) throws(StorageError) -> [EntityKey: StoredEntity] {
    try read { contents in
      var found: [EntityKey: StoredEntity] = [:]
      for key in keys { found[key] = contents.current(key) }
      return found
    }
  }

  package func lastTouches(_ keys: [EntityKey]) throws(StorageError) -> [EntityKey: UInt64] {
    try read { contents in
      var touches: [EntityKey: UInt64] = [:]
      for key in keys { touches[key] = contents.touches[key] }
      return touches
    }
  }

  package func lanes(of device: Digest) throws(StorageError) -> [UInt32: LanePosition] {
    try read { $0.lanes[device] ?? [:] }
  }

  package func entry(device: Digest, lane: UInt32, number: UInt64) throws(StorageError) -> LedgerEntry? {
    try read { contents in
      contents.indexesByLane[MemoryLaneNumber(device: device, lane: lane, number: number)].map { contents.entries[$0] }
    }
  }

  package func entry(mutation: MutationID) throws(StorageError) -> LedgerEntry? {
    try read { contents in contents.indexesByMutation[mutation].map { contents.entries[$0] } }
  }

  package func decidingMarkers() throws(StorageError) -> [DecidingMarker] {
    try read { contents in
      contents.markers.map { DecidingMarker(hash: $0.key, crashCount: $0.value.crashCount) }.sorted { $0.hash < $1.hash }
    }
  }

  // MARK: The log

  package func entries(from index: UInt64, limit: Int) throws(StorageError) -> [LedgerEntry] {
    try read { contents in
      guard index < UInt64(contents.entries.count) else { return [] }
      return Array(contents.entries[Int(index)...].prefix(max(0, limit)))
    }
  }

  package func entry(index: UInt64) throws(StorageError) -> LedgerEntry? {
    try entries(from: index, limit: 1).first
  }

  package func merkleNode(level: UInt8, index: UInt64) throws(StorageError) -> Digest {
    let node = try read { $0.nodes[MemoryNodePlace(level: level, index: index)] }
    guard let node else {
      throw StorageError(.notFound, "The log has no complete node \(index) at level \(level); ask for one below its size.")
    }
    return node
  }

  package func parts(_ digests: [Digest]) throws(StorageError) -> [Digest: Part] {
    try read { contents in
      var parts: [Digest: Part] = [:]
      for digest in digests { parts[digest] = contents.parts[digest] }
      return parts
    }
  }

  // MARK: What sessions read

  package func page(_ request: PageRequest) throws(StorageError) -> StoredPage {
    try read { $0.scopes[request.scope]?.page(request) ?? StoredPage(rows: [], remaining: 0) }
  }

  package func heads(_ scopes: [Scope]) throws(StorageError) -> [Scope: UInt64] {
    try read { contents in
      var heads: [Scope: UInt64] = [:]
      for scope in scopes { heads[scope] = contents.scopes[scope]?.head ?? 0 }
      return heads
    }
  }

  package func digest(_ scope: Scope) throws(StorageError) -> (head: UInt64, digest: ScopeDigest) {
    try read { contents in
      contents.scopes[scope].map { (head: $0.head, digest: $0.digest) } ?? (head: 0, digest: ScopeDigest())
    }
  }

  package func leafRows(_ scope: Scope, leaf: UInt8) throws(StorageError) -> [StoredRow] {
    try read { contents in
      contents.scopes[scope]?.rows { !$0.isDeparture && ScopeDigest.leaf(of: $0.key) == leaf } ?? []
    }
  }

  package func entities(_ kind: EntityKind, in scope: Scope, limit: Int) throws(StorageError) -> [StoredRow] {
    try read { contents in
      let rows = contents.scopes[scope]?.rows { !$0.isDeparture && $0.key.kind == kind } ?? []
      return Array(rows.reversed().prefix(max(0, limit)))
    }
  }

  package func campaigns() throws(StorageError) -> [StoredEntity] {
    try read { contents in
      contents.scopesByKey.keys.filter { $0.kind == .campaign }.sorted().compactMap { contents.current($0) }
    }
  }

  // MARK: Writing

  package func mark(deciding hashes: [Digest]) throws(StorageError) {
    try change { contents in
      for hash in hashes { contents.markers[hash, default: MemoryMarker()].isSet = true }
    }
  }

  package func write(_ batch: CommitBatch) throws(StorageError) {
    try batch.check()
    try change { contents throws(StorageError) in try contents.write(batch) }
  }

  package func discard(_ discard: StoreDiscard) throws(StorageError) { try change { $0.discard(discard) } }

  package func close() throws(StorageError) {
    contents.withLock { contents in
      guard !contents.isClosed else { return }
      contents.markers = contents.markers.filter { !$0.value.isSet || $0.value.crashCount > 0 }
      for hash in contents.markers.keys { contents.markers[hash]?.isSet = false }
      contents.isClosed = true
    }
  }

  private func read<Answer: Sendable>(
    _ body: (MemoryTenantContents) throws(StorageError) -> Answer
  ) throws(StorageError) -> Answer {
    try contents.withLock { contents throws(StorageError) in
      guard !contents.isClosed else { throw MemoryTenantContents.closed }
      return try body(contents)
    }
  }

  private func change(_ body: (inout MemoryTenantContents) throws(StorageError) -> Void) throws(StorageError) {
    try contents.withLock { contents throws(StorageError) in
      guard !contents.isClosed else { throw MemoryTenantContents.closed }
      if let failure = contents.failure { throw failure }
      try body(&contents)
    }
  }
}

// MARK: - Hooks for simulated trouble

extension MemoryTenantStore {
  /// What a process finds that opens the store after this one was closed, or after it crashed. This store stays as it was
  /// and must not be used any more.
  package func reopened() -> MemoryTenantStore {
    var found = contents.withLock { $0 }
    for hash in found.markers.keys { found.markers[hash]?.countCrash() }
    found.isClosed = false
    found.failure = nil
    return MemoryTenantStore(found)
  }

  /// A copy as a backup would be: later writes to either do not show in the other.
  package func backup() -> MemoryTenantStore { MemoryTenantStore(contents.withLock { $0 }) }

  /// Every write fails with this from now on and changes nothing, as on a full disk; nil ends it.
  package func failWrites(with failure: StorageError?) { contents.withLock { $0.failure = failure } }
}
