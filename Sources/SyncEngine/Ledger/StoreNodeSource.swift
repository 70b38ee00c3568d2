// The Merkle nodes of a store, with those of a group that is not written yet in front of them.
import Storage
import Trust

/// Reads complete nodes for proofs and roots.
package struct StoreNodeSource: MerkleNodeSource {
  private struct Place: Hashable {
    let level: UInt8
    let index: UInt64
  }

  private let store: any TenantStore
  private var pending: [Place: Digest] = [:]

  package init(store: any TenantStore) {
    self.store = store
  }

  mutating func add(_ nodes: [MerkleNode]) {
    for node in nodes { pending[Place(level: node.level, index: node.index)] = node.hash }
  }

  package func node(level: UInt8, index: UInt64) throws -> Digest {
    if let hash = pending[Place(level: level, index: index)] { return hash }
    return try store.merkleNode(level: level, index: index)
  }
}

/// Proofs from a store, with the one error type that whoever asks a store expects.
package enum StoredProof {
  package static func root(size: UInt64, source: StoreNodeSource) throws(StorageError) -> Digest {
    try reading { try MerkleProof.root(size: size, source: source) }
  }

  package static func inclusion(index: UInt64, size: UInt64, source: StoreNodeSource) throws(StorageError) -> [Digest] {
    try reading { try MerkleProof.inclusion(index: index, size: size, source: source) }
  }

  package static func consistency(first: UInt64, second: UInt64, source: StoreNodeSource) throws(StorageError) -> [Digest] {
    try reading { try MerkleProof.consistency(first: first, second: second, source: source) }
  }

  static func frontier(size: UInt64, source: StoreNodeSource) throws(StorageError) -> MerkleFrontier {
    try reading { try MerkleFrontier(size: size, source: source) }
  }

  private static func reading<Answer>(_ body: () throws -> Answer) throws(StorageError) -> Answer {
    do {
      return try body()
    } catch let error as StorageError {
      throw error
    } catch {
      throw StorageError(
        .damaged, "The ledger's tree cannot be read; leave the directory as it is, and report what countersignd verify says.")
    }
  }
}
