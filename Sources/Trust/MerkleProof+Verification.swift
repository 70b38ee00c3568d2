// Judging proofs of a log. Every number and hash here may come from a stranger: nothing may trap.

extension MerkleProof {
  /// Whether the proof shows that `leaf` (a leaf hash) stands at `index` of the log with this size and root.
  package static func verifyInclusion(
    leaf: Digest, index: UInt64, size: UInt64, proof: [Digest], root: Digest
  ) -> Bool {
    guard index < size else { return false }
    var position = index
    var last = size - 1
    var hash = leaf
    for sibling in proof {
      // At the top already: the proof is too long.
      guard last > 0 else { return false }
      if position & 1 == 1 || position == last {
        hash = MerkleHash.node(sibling, hash)
        rise(&position, &last)
      } else {
        hash = MerkleHash.node(hash, sibling)
      }
      position >>= 1
      last >>= 1
    }
    return last == 0 && hash == root
  }

  /// Whether the proof shows that the log with the second size and root begins with the log with the first.
  /// An empty log is the beginning of every log, equal sizes want equal roots, and both want an empty proof.
  package static func verifyConsistency(
    first: UInt64, firstRoot: Digest, second: UInt64, secondRoot: Digest, proof: [Digest]
  ) -> Bool {
    guard first <= second else { return false }
    if first == second { return proof.isEmpty && firstRoot == secondRoot && (first > 0 || isEmpty(firstRoot)) }
    if first == 0 { return proof.isEmpty && isEmpty(firstRoot) }
    return verifyGrowth(first: first, firstRoot: firstRoot, second: second, secondRoot: secondRoot, proof: proof)
  }

  /// Passes the levels on which a subtree at the right edge has no sibling and rises unchanged.
  private static func rise(_ position: inout UInt64, _ last: inout UInt64) {
    while position & 1 == 0, position > 0 {
      position >>= 1
      last >>= 1
    }
  }

  private static func isEmpty(_ root: Digest) -> Bool { root == MerkleHash.emptyRoot }

  /// For `0 < first < second`.
  private static func verifyGrowth(
    first: UInt64, firstRoot: Digest, second: UInt64, secondRoot: Digest, proof: [Digest]
  ) -> Bool {
    var position = first - 1
    var last = second - 1
    // Levels on which the first log's last subtree is a right child are complete in both logs.
    while position & 1 == 1 {
      position >>= 1
      last >>= 1
    }
    // A first log that is one complete subtree is its own starting point; otherwise the proof names it.
    var rest = proof[...]
    let seed: Digest
    if first.nonzeroBitCount == 1 {
      seed = firstRoot
    } else {
      guard let given = rest.popFirst() else { return false }
      seed = given
    }
    var oldHash = seed
    var newHash = seed
    for sibling in rest {
      guard last > 0 else { return false }
      if position & 1 == 1 || position == last {
        oldHash = MerkleHash.node(sibling, oldHash)
        newHash = MerkleHash.node(sibling, newHash)
        rise(&position, &last)
      } else {
        newHash = MerkleHash.node(newHash, sibling)
      }
      position >>= 1
      last >>= 1
    }
    return last == 0 && oldHash == firstRoot && newHash == secondRoot
  }
}
