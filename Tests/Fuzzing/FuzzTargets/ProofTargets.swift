// Signed notes, checkpoints, invitation codes and proofs of the log: nothing that a stranger sends is taken for more than
// it is.
import ReviewModel
import Trust

enum ProofTargets {
  static let all: [FuzzTarget] = [
    FuzzTarget("note", inputByteLimit: SignedNote.maximumByteCount + 1, read: note),
    FuzzTarget("invitation-code", inputByteLimit: 2_100, read: invitationCode),
    FuzzTarget("merkle-proof", inputByteLimit: 8_192, read: proof),
    FuzzTarget("merkle-log", inputByteLimit: 256, read: log),
  ]

  private static let serverName = "countersign.example"

  private static func note(_ bytes: [UInt8]) throws -> Bool {
    guard let note = try? SignedNote(parsing: bytes) else { return false }
    try BrokenPromise.unless(Array(note.encoded.utf8) == bytes, "a note is read and written differently")
    // A key of low order would make signatures of anything; this one is nobody's.
    guard let nobody = PublicKey([UInt8](repeating: 0, count: 32)) else { throw BrokenPromise("32 bytes are no key") }
    try BrokenPromise.unless(!note.verify(name: serverName, key: nobody), "a note is signed by a key that nobody has")
    guard let checkpoint = try? Checkpoint(noteText: note.text) else { return false }
    try BrokenPromise.unless(checkpoint.isWellFormed, "a checkpoint was read that is not well formed")
    try BrokenPromise.unless(
      checkpoint.noteText.utf8.elementsEqual(note.text.utf8), "a checkpoint is read and written differently")
    return true
  }

  /// An odd first byte puts prefix and checksum to the rest, which nobody guesses.
  private static func invitationCode(_ bytes: [UInt8]) throws -> Bool {
    guard let choice = Choice(bytes, of: 2) else { return false }
    let text =
      choice.number == 0
      ? String(decoding: choice.rest, as: UTF8.self)
      : "cs1-" + Base64.encodeURL(choice.rest + SHA256.hash(choice.rest).bytes.prefix(4))
    guard let code = InvitationCode(text: text) else { return false }
    try BrokenPromise.unless(
      code.text.utf8.elementsEqual(text.filter { !$0.isWhitespace }.utf8), "two texts are one invitation code")
    try BrokenPromise.unless(InvitationCode(text: code.text) == code, "an invitation code is written and read differently")
    return true
  }

  /// Numbers and hashes as they come. An accepted proof shows more than the bytes could know only if it is trivial.
  private static func proof(_ bytes: [UInt8]) throws -> Bool {
    guard bytes.count >= 16 + 64 else { return false }
    let (first, second) = (number(bytes[0..<8]), number(bytes[8..<16]))
    let hashes = stride(from: 16, through: bytes.count - 32, by: 32).compactMap { Digest(bytes[$0..<($0 + 32)]) }
    guard let left = hashes.first, hashes.count >= 2 else { return false }
    let right = hashes[1]
    let path = Array(hashes.dropFirst(2))
    let isGrown = MerkleProof.verifyConsistency(
      first: first, firstRoot: left, second: second, secondRoot: right, proof: path)
    if isGrown, first == second { try BrokenPromise.unless(left == right, "one log has two roots") }
    let isIncluded = MerkleProof.verifyInclusion(leaf: left, index: first, size: second, proof: path, root: right)
    try BrokenPromise.unless(!isIncluded || path.count <= 64, "a path is longer than a log is high")
    if isIncluded, second == 1 { try BrokenPromise.unless(left == right, "a log of one entry has another root") }
    return isGrown || isIncluded
  }

  /// A real log of up to 255 leaves, an index and a smaller size, and one bit to flip: true proofs hold, others do not.
  private static func log(_ bytes: [UInt8]) throws -> Bool {
    guard bytes.count >= 5, bytes[0] > 0 else { return false }
    let size = UInt64(bytes[0])
    let (index, first) = (UInt64(bytes[1]) % size, UInt64(bytes[2]) % (size + 1))
    var nodes = KeptNodes()
    let leaves = (0..<size).map { MerkleHash.leaf([UInt8($0)] + bytes[5...]) }
    var roots = [MerkleHash.emptyRoot]
    var frontier = MerkleFrontier()
    for leaf in leaves {
      for node in frontier.append(leaf) { nodes.hashes[KeptNodes.Place(level: node.level, index: node.index)] = node.hash }
      roots.append(frontier.root)
    }
    let (root, firstRoot) = (roots[Int(size)], roots[Int(first)])
    let leaf = leaves[Int(index)]
    var path = try MerkleProof.inclusion(index: index, size: size, source: nodes)
    var growth = try MerkleProof.consistency(first: first, second: size, source: nodes)
    try BrokenPromise.unless(
      MerkleProof.verifyInclusion(leaf: leaf, index: index, size: size, proof: path, root: root), "a true path is refused")
    try BrokenPromise.unless(
      MerkleProof.verifyConsistency(first: first, firstRoot: firstRoot, second: size, secondRoot: root, proof: growth),
      "true growth is refused")
    flip(&path, bytes[3], bytes[4])
    flip(&growth, bytes[3], bytes[4])
    try BrokenPromise.unless(
      !MerkleProof.verifyInclusion(leaf: leaf, index: index, size: size, proof: path, root: root), "a false path is taken")
    try BrokenPromise.unless(
      !MerkleProof.verifyConsistency(first: first, firstRoot: firstRoot, second: size, secondRoot: root, proof: growth),
      "false growth is taken")
    return true
  }

  /// Flips one bit of one hash; adds a hash where there is none.
  private static func flip(_ hashes: inout [Digest], _ place: UInt8, _ bit: UInt8) {
    guard !hashes.isEmpty else { return hashes.append(MerkleHash.emptyRoot) }
    let index = Int(place) % hashes.count
    var changed = hashes[index].bytes
    changed[Int(bit) % 32] ^= 1 << (bit >> 5)
    hashes[index] = Digest(changed) ?? MerkleHash.emptyRoot
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

  private struct KeptNodes: MerkleNodeSource {
    struct Place: Hashable {
      var level: UInt8
      var index: UInt64
    }

    var hashes: [Place: Digest] = [:]

    func node(level: UInt8, index: UInt64) throws -> Digest {
      guard let hash = hashes[Place(level: level, index: index)] else {
        throw BrokenPromise("a proof asks for a node that is not complete")
      }
      return hash
    }
  }
}
