// The fingerprint of a scope: what lets a device prove that it holds byte for byte what the server holds.
// Each change costs the same, however large the scope is.
import ReviewModel
import Trust

/// 256 leaves by the first byte of the SHA-256 of the entity's id; each the sum modulo 2^256 of its items' hashes.
package struct ScopeDigest: Sendable, Hashable {
  package static let leafCount = 256
  package static let byteCount = leafCount * 32

  /// Sums of four 64-bit words, least significant first, leaf after leaf.
  private var words: [UInt64]

  /// Of a scope without rows.
  package init() { words = Array(repeating: 0, count: Self.leafCount * 4) }

  /// From stored bytes: the leaves one after the other, each 32 bytes big-endian. Nil unless there are 8,192.
  package init?(stored bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.init()
    bytes.withUnsafeBytes { raw in
      // Safe: the count was checked above, and every load is inside of the 8,192 bytes.
      for place in words.indices {
        words[Self.storedPlace(of: place)] = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self))
      }
    }
  }

  /// The leaves one after the other, each 32 bytes big-endian.
  package var stored: [UInt8] {
    let ordered = words.indices.map { words[Self.storedPlace(of: $0)].bigEndian }
    // Safe: the array lives for the whole closure, and any memory may be read as bytes.
    return ordered.withUnsafeBytes { [UInt8]($0) }
  }

  /// SHA-256 over the leaves.
  package var digest: Digest { SHA256.hash(stored) }

  /// The 256 leaf sums.
  package var leaves: [Digest] {
    let bytes = stored
    return (0..<Self.leafCount).map { Digest(bytes[$0 * 32..<$0 * 32 + 32]) ?? .zero }
  }

  /// Which leaf an entity's rows are in.
  package static func leaf(of key: EntityKey) -> UInt8 { SHA256.hash(key.id).firstByte }

  /// The hash of one row: kind, id, number and payload, each length-prefixed, integers big-endian.
  package static func itemHash(key: EntityKey, seq: UInt64, payload: [UInt8]) -> Digest {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(payload.count + key.id.count + 28)
    appendNumber(UInt32(4), to: &bytes)
    appendNumber(key.kind.rawValue, to: &bytes)
    appendField(key.id, to: &bytes)
    appendNumber(UInt32(8), to: &bytes)
    appendNumber(seq, to: &bytes)
    appendField(payload, to: &bytes)
    return SHA256.hash(bytes)
  }

  package mutating func add(_ itemHash: Digest, leaf: UInt8) { combine(itemHash, leaf: leaf, isAdding: true) }

  package mutating func remove(_ itemHash: Digest, leaf: UInt8) { combine(itemHash, leaf: leaf, isAdding: false) }

  /// Makes a leaf the sum of nothing, to add its rows anew.
  package mutating func clear(leaf: UInt8) {
    for word in 0..<4 { words[Int(leaf) * 4 + word] = 0 }
  }

  private mutating func combine(_ itemHash: Digest, leaf: UInt8, isAdding: Bool) {
    var carry = false
    itemHash.withUnsafeBytes { raw in
      // Safe: a digest lends exactly 32 bytes, and every load is inside of them.
      for word in 0..<4 {
        let operand = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: (3 - word) * 8, as: UInt64.self))
        let index = Int(leaf) * 4 + word
        let first =
          isAdding ? words[index].addingReportingOverflow(operand) : words[index].subtractingReportingOverflow(operand)
        let second =
          isAdding
          ? first.partialValue.addingReportingOverflow(carry ? 1 : 0)
          : first.partialValue.subtractingReportingOverflow(carry ? 1 : 0)
        words[index] = second.partialValue
        carry = first.overflow || second.overflow
      }
    }
  }

  /// Where a word stands when each leaf's words are written most significant first, and back: the order is its own inverse.
  private static func storedPlace(of place: Int) -> Int { place ^ 3 }

  private static func appendField(_ field: [UInt8], to bytes: inout [UInt8]) {
    appendNumber(UInt32(truncatingIfNeeded: field.count), to: &bytes)
    bytes += field
  }

  private static func appendNumber(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
    // Safe: the copy lives for the whole closure.
    withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
  }
}
