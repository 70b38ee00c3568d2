// The nodes of a log that never change once they are complete. A store keeps them; proofs are read from them.

/// A complete subtree: at `level` 0 the leaf hashes, above them the nodes over 2^level leaves. The node covers the
/// leaves from `index << level` up to but not including `(index + 1) << level`.
package struct MerkleNode: Hashable, Sendable {
  package let level: UInt8
  package let index: UInt64
  package let hash: Digest

  package init(level: UInt8, index: UInt64, hash: Digest) {
    self.level = level
    self.index = index
    self.hash = hash
  }
}

/// Where complete nodes are kept.
package protocol MerkleNodeSource {
  /// The hash of a complete node; throws when it is not there or cannot be read.
  func node(level: UInt8, index: UInt64) throws -> Digest
}

/// The complete subtrees that tile a range of leaves from left to right, as few as there can be.
struct MerkleTiling: Sequence, IteratorProtocol {
  private var start: UInt64
  private let end: UInt64

  /// `start` must be a multiple of every tile that follows, as 0 is and as the split points of a log are.
  init(from start: UInt64, to end: UInt64) {
    self.start = start
    self.end = end
  }

  mutating func next() -> (level: UInt8, index: UInt64)? {
    guard start < end else { return nil }
    let largest = 63 - (end - start).leadingZeroBitCount
    let level = Swift.min(largest, start.trailingZeroBitCount)
    let index = start >> UInt64(level)
    start += 1 << UInt64(level)
    return (UInt8(level), index)
  }
}
