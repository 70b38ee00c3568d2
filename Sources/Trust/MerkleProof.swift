// Making proofs of a log from the nodes that a store keeps (RFC 9162, sections 2.1.3 and 2.1.4).

package enum MerkleProof {
  /// The root of the first `size` leaves.
  package static func root(size: UInt64, source: some MerkleNodeSource) throws -> Digest {
    try root(from: 0, to: size, source: source)
  }

  /// The audit path of the leaf at `index` in the log of the first `size` leaves, leaf's sibling first.
  /// Throws `TrustError.outsideLog` unless `index < size`.
  package static func inclusion(
    index: UInt64, size: UInt64, source: some MerkleNodeSource
  ) throws -> [Digest] {
    guard index < size else { throw TrustError.outsideLog }
    var path: [Digest] = []
    var start: UInt64 = 0
    var end = size
    // From the root down: at every split the half without the leaf joins the path.
    while end - start > 1 {
      let middle = start + split(end - start)
      if index < middle {
        path.append(try root(from: middle, to: end, source: source))
        end = middle
      } else {
        path.append(try root(from: start, to: middle, source: source))
        start = middle
      }
    }
    return path.reversed()
  }

  /// The proof that the log of the first `second` leaves begins with the log of the first `first`.
  /// It is empty for equal sizes and for an empty first log. Throws `TrustError.outsideLog` unless `first <= second`.
  package static func consistency(
    first: UInt64, second: UInt64, source: some MerkleNodeSource
  ) throws -> [Digest] {
    guard first <= second else { throw TrustError.outsideLog }
    guard first > 0, first < second else { return [] }
    var path: [Digest] = []
    var start: UInt64 = 0
    var end = second
    // From the root down towards the edge of the first log, until a subtree ends exactly there.
    while end != first {
      let middle = start + split(end - start)
      if first <= middle {
        path.append(try root(from: middle, to: end, source: source))
        end = middle
      } else {
        path.append(try root(from: start, to: middle, source: source))
        start = middle
      }
    }
    // A subtree that begins at the log's start is the whole first log, whose root the reader holds already.
    if start > 0 { path.append(try root(from: start, to: end, source: source)) }
    return path.reversed()
  }

  /// The largest power of two below `count`, which is at least 2.
  private static func split(_ count: UInt64) -> UInt64 {
    1 << UInt64(63 - (count - 1).leadingZeroBitCount)
  }

  /// The root over the leaves of a range that begins at a split point.
  private static func root(
    from start: UInt64, to end: UInt64, source: some MerkleNodeSource
  ) throws -> Digest {
    var peaks: [Digest] = []
    for (level, index) in MerkleTiling(from: start, to: end) { peaks.append(try source.node(level: level, index: index)) }
    guard var root = peaks.popLast() else { return MerkleHash.emptyRoot }
    while let peak = peaks.popLast() { root = MerkleHash.node(peak, root) }
    return root
  }
}
