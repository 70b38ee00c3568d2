// The plain values behind the in-memory tenant store, and what one commit does to them.
import ReviewModel
import Trust

/// Everything of one tenant, as a value that can be copied whole.
struct MemoryTenantContents: Sendable {
  static let closed = StorageError(.closed, "This store was closed; open it again before using it.")

  var state: TenantState
  var entries: [LedgerEntry] = []
  var indexesByLane: [MemoryLaneNumber: Int] = [:]
  /// Of the entry that decided each mutation.
  var indexesByMutation: [MutationID: Int] = [:]
  var parts: [Digest: Part] = [:]
  var nodes: [MemoryNodePlace: Digest] = [:]
  var scopes: [Scope: MemoryScope] = [:]
  /// Every scope that has a row of the key, departures included.
  var scopesByKey: [EntityKey: Set<Scope>] = [:]
  var lanes: [Digest: [UInt32: LanePosition]] = [:]
  var touches: [EntityKey: UInt64] = [:]
  var markers: [Digest: MemoryMarker] = [:]
  var isClosed = false
  var failure: StorageError?

  init(tenant: TenantID, epoch: EpochID) {
    state = TenantState(seq: 0, ledgerSize: 0, tenant: tenant, epoch: epoch)
  }

  /// The version that is not a departure; the newest, should there be two.
  func current(_ key: EntityKey) -> StoredEntity? {
    var newest: StoredEntity?
    for scope in scopesByKey[key] ?? [] {
      guard let row = scopes[scope]?.latest[key], let payload = row.payload, row.seq > newest?.seq ?? 0 else { continue }
      newest = StoredEntity(scope: scope, seq: row.seq, payload: payload)
    }
    return newest
  }

  /// Writes a batch that was checked. Everything that can be refused is refused before the first change.
  mutating func write(_ batch: CommitBatch) throws(StorageError) {
    guard state == batch.expected else {
      throw StorageError(
        .headMoved,
        "The store is at change \(state.seq) and entry \(state.ledgerSize), not where the commit expected it; decide again.")
    }
    try refuseRepeats(batch)
    for entry in batch.entries {
      indexesByLane[MemoryLaneNumber(entry)] = entries.count
      if indexesByMutation[entry.mutationID].map({ entries[$0].givesWay(to: entry) }) ?? true {
        indexesByMutation[entry.mutationID] = entries.count
      }
      entries.append(entry)
      markers[entry.envelope.hash] = nil
    }
    for part in batch.parts where parts[part.digest] == nil { parts[part.digest] = part }
    for digest in batch.erasedParts { parts[digest] = nil }
    for node in batch.merkleNodes { nodes[MemoryNodePlace(node)] = node.hash }
    for write in batch.writes {
      scopes[write.scope, default: MemoryScope()].apply(write)
      scopesByKey[write.key, default: []].insert(write.scope)
    }
    for (device, positions) in batch.lanes { lanes[device, default: [:]].merge(positions) { $1 } }
    touches.merge(batch.touches) { $1 }
    state = batch.next
  }

  mutating func discard(_ discard: StoreDiscard) {
    for scope in scopes.keys {
      scopes[scope]?.forget { row in
        row.isDeparture && row.seq <= discard.departuresThrough
          || row.key.kind == .stage && !row.isDeparture && row.seq <= discard.stagesThrough
      }
    }
  }

  private func refuseRepeats(_ batch: CommitBatch) throws(StorageError) {
    var numbers: Set<MemoryLaneNumber> = []
    for number in batch.entries.map(MemoryLaneNumber.init) {
      guard indexesByLane[number] == nil, numbers.insert(number).inserted else { throw Self.conflict }
    }
    var places: Set<MemoryNodePlace> = []
    for place in batch.merkleNodes.map(MemoryNodePlace.init) {
      guard nodes[place] == nil, places.insert(place).inserted else { throw Self.conflict }
    }
  }

  private static let conflict = StorageError(
    .conflict, "The store holds already what must be new, so nothing was written; read again before writing.")
}

/// One number in one lane of one device.
struct MemoryLaneNumber: Sendable, Hashable {
  let device: Digest
  let lane: UInt32
  let number: UInt64

  init(device: Digest, lane: UInt32, number: UInt64) {
    self.device = device
    self.lane = lane
    self.number = number
  }

  init(_ entry: LedgerEntry) { self.init(device: entry.device, lane: entry.lane, number: entry.number) }
}

/// Where a node of the Merkle tree is.
struct MemoryNodePlace: Sendable, Hashable {
  let level: UInt8
  let index: UInt64

  init(level: UInt8, index: UInt64) {
    self.level = level
    self.index = index
  }

  init(_ node: MerkleNode) { self.init(level: node.level, index: node.index) }
}

/// What is known of an envelope that is being decided.
struct MemoryMarker: Sendable {
  var crashCount: UInt32 = 0
  /// Set when deciding begins; found set by an opening, it counts a crash and is no longer set.
  var isSet = false

  mutating func countCrash() {
    guard isSet else { return }
    crashCount += 1
    isSet = false
  }
}
