// The growing edge of a log: enough hashes to append and to know the root, however long the log is.

/// The peaks of a Merkle log: the complete subtrees that tile it, largest first, one for every bit set in its size.
package struct MerkleFrontier: Hashable, Sendable {
  /// How many leaves the log has.
  package private(set) var size: UInt64
  /// The hashes of the complete subtrees, largest (leftmost) first.
  package private(set) var peaks: [Digest]

  /// An empty log.
  package init() {
    size = 0
    peaks = []
  }

  /// Nil unless there is one peak for every bit set in the size.
  package init?(size: UInt64, peaks: [Digest]) {
    guard peaks.count == size.nonzeroBitCount else { return nil }
    self.size = size
    self.peaks = peaks
  }

  /// The frontier of the first `size` leaves, read from a store's nodes.
  package init(size: UInt64, source: some MerkleNodeSource) throws {
    self.size = size
    peaks = []
    for (level, index) in MerkleTiling(from: 0, to: size) { peaks.append(try source.node(level: level, index: index)) }
  }

  /// The root of the log as it is.
  package var root: Digest {
    guard var root = peaks.last else { return MerkleHash.emptyRoot }
    for peak in peaks.dropLast().reversed() { root = MerkleHash.node(peak, root) }
    return root
  }

  /// Appends the hash of a leaf. Returns every node that it completes, the leaf itself first, for a store to keep.
  @discardableResult
  package mutating func append(_ leafHash: Digest) -> [MerkleNode] {
    precondition(size < .max, "no log reaches 2^64 entries")
    var completed = [MerkleNode(level: 0, index: size, hash: leafHash)]
    var hash = leafHash
    var level: UInt8 = 0
    // Each low bit set in the size is a peak that the new leaf closes, smallest first: as in binary addition.
    while (size >> UInt64(level)) & 1 == 1, let left = peaks.popLast() {
      hash = MerkleHash.node(left, hash)
      level += 1
      completed.append(MerkleNode(level: level, index: size >> UInt64(level), hash: hash))
    }
    peaks.append(hash)
    size += 1
    return completed
  }
}
