// The definitions of RFC 6962, section 2.1, written down as they stand: slow, and nothing shared with the code under
// test but SHA-256.
import Trust

struct PlainMerkleLog: MerkleNodeSource {
  struct NodeMissing: Error {}

  var leaves: [Digest] = []

  init(leaves: [Digest]) { self.leaves = leaves }

  /// A log of `count` different records.
  init(count: Int) {
    leaves = (0..<count).map { SHA256.hash([[0], [UInt8]("record \($0)".utf8)]) }
  }

  func root(_ size: Int) -> Digest { treeHash(leaves[..<size]) }

  func path(_ index: Int, _ size: Int) -> [Digest] { path(index, leaves[..<size]) }

  func proof(_ first: Int, _ second: Int) -> [Digest] {
    first == 0 || first == second ? [] : subproof(first, leaves[..<second], isWhole: true)
  }

  /// The node over complete leaves, computed from scratch.
  func node(level: UInt8, index: UInt64) throws -> Digest {
    let width = 1 << Int(level)
    let start = Int(index) * width
    guard start + width <= leaves.count else { throw NodeMissing() }
    return treeHash(leaves[start..<(start + width)])
  }

  private func treeHash(_ part: ArraySlice<Digest>) -> Digest {
    if part.isEmpty { return SHA256.hash([UInt8]()) }
    if part.count == 1 { return part[part.startIndex] }
    let (left, right) = halves(part)
    return SHA256.hash([[1], treeHash(left).bytes, treeHash(right).bytes])
  }

  private func path(_ index: Int, _ part: ArraySlice<Digest>) -> [Digest] {
    if part.count == 1 { return [] }
    let (left, right) = halves(part)
    return index < left.count
      ? path(index, left) + [treeHash(right)]
      : path(index - left.count, right) + [treeHash(left)]
  }

  private func subproof(_ first: Int, _ part: ArraySlice<Digest>, isWhole: Bool) -> [Digest] {
    if first == part.count { return isWhole ? [] : [treeHash(part)] }
    let (left, right) = halves(part)
    return first <= left.count
      ? subproof(first, left, isWhole: isWhole) + [treeHash(right)]
      : subproof(first - left.count, right, isWhole: false) + [treeHash(left)]
  }

  private func halves(_ part: ArraySlice<Digest>) -> (ArraySlice<Digest>, ArraySlice<Digest>) {
    var width = 1
    while width * 2 < part.count { width *= 2 }
    return (part.prefix(width), part.dropFirst(width))
  }
}

/// A log of any size in which every leaf is the same, so that a node depends on its level only.
struct UniformLog: MerkleNodeSource {
  let leaf = SHA256.hash([0, 7])
  let levels: [Digest]

  init() {
    var hash = leaf
    var levels = [hash]
    for _ in 0..<63 {
      hash = SHA256.hash([[1], hash.bytes, hash.bytes])
      levels.append(hash)
    }
    self.levels = levels
  }

  func node(level: UInt8, index: UInt64) throws -> Digest {
    guard Int(level) < levels.count else { throw PlainMerkleLog.NodeMissing() }
    return levels[Int(level)]
  }
}
