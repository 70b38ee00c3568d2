// One group commit: ledger entries, changes of entities, Merkle nodes and lane positions that become true together.
import ReviewModel
import Trust

/// One entry of the ledger with everything that it was decided from.
package struct LedgerEntry: Sendable, Hashable {
  package var index: UInt64
  package var leafRecord: [UInt8]
  package var leafHash: Digest
  package var envelope: SignedEnvelope
  package var mutationID: MutationID
  /// SHA-256 of the envelope's body, to tell a repeat from a reuse.
  package var bodyDigest: Digest
  package var member: MemberID
  package var device: Digest
  package var lane: UInt32
  package var number: UInt64
  /// The last number of the change log in the commit that decided it.
  package var commitSeq: UInt64

  package init(
    index: UInt64, leafRecord: [UInt8], leafHash: Digest, envelope: SignedEnvelope, mutationID: MutationID, bodyDigest: Digest,
    member: MemberID, device: Digest, lane: UInt32, number: UInt64, commitSeq: UInt64
  ) {
    self.index = index
    self.leafRecord = leafRecord
    self.leafHash = leafHash
    self.envelope = envelope
    self.mutationID = mutationID
    self.bodyDigest = bodyDigest
    self.member = member
    self.device = device
    self.lane = lane
    self.number = number
    self.commitSeq = commitSeq
  }
}

/// A new version of an entity, or the end of it. An entity that is in another scope leaves a departure there.
package struct EntityWrite: Sendable, Hashable {
  package var key: EntityKey
  package var seq: UInt64
  /// The scope that it is in now, or that it leaves.
  package var scope: Scope
  /// Nil for a departure from the scope.
  package var payload: [UInt8]?

  package init(key: EntityKey, seq: UInt64, scope: Scope, payload: [UInt8]?) {
    self.key = key
    self.seq = seq
    self.scope = scope
    self.payload = payload
  }
}

/// What one commit writes. The store keeps the scope digests in the same transaction.
package struct CommitBatch: Sendable {
  /// Where the store must be for this batch to be true.
  package var expected: TenantState
  /// Where it is afterwards.
  package var next: TenantState
  package var entries: [LedgerEntry] = []
  /// Parts that came with the entries.
  package var parts: [Part] = []
  /// Removed for good after `parts` were stored; ascending.
  package var erasedParts: [Digest] = []
  package var merkleNodes: [MerkleNode] = []
  /// Ascending numbers, each its own: moves between scopes come as a put and a departure.
  package var writes: [EntityWrite] = []
  package var lanes: [Digest: [UInt32: LanePosition]] = [:]
  /// The entry that touched each key last.
  package var touches: [EntityKey: UInt64] = [:]

  package init(expected: TenantState, next: TenantState) {
    self.expected = expected
    self.next = next
  }
}
