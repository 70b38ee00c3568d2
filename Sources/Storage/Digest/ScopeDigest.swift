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
    for leaf in 0..<Self.leafCount {
      for word in 0..<4 {
        let start = leaf * 32 + (3 - word) * 8
        words[leaf * 4 + word] = bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
      }
    }
  }

  /// The leaves one after the other, each 32 bytes big-endian.
  package var stored: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.byteCount)
    for leaf in 0..<Self.leafCount { append(leaf, to: &bytes) }
    return bytes
  }

  /// SHA-256 over the leaves.
  package var digest: Digest { SHA256.hash(stored) }

  /// The 256 leaf sums.
  package var leaves: [Digest] {
    (0..<Self.leafCount).map { leaf in
      var bytes: [UInt8] = []
      append(leaf, to: &bytes)
      return Digest(bytes) ?? .zero
    }
  }

  /// Which leaf an entity's rows are in.
  package static func leaf(of key: EntityKey) -> UInt8 { SHA256.hash(key.id).firstByte }

  /// The hash of one row: kind, id, number and payload, each length-prefixed, integers big-endian.
  package static func itemHash(key: EntityKey, seq: UInt64, payload: [UInt8]) -> Digest {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(payload.count + key.id.count + 28)
    appendField(bigEndian(UInt64(key.kind.rawValue), byteCount: 4), to: &bytes)
    appendField(key.id, to: &bytes)
    appendField(bigEndian(seq, byteCount: 8), to: &bytes)
    appendField(payload, to: &bytes)
    return SHA256.hash(bytes)
  }

  package mutating func add(_ itemHash: Digest, leaf: UInt8) { combine(itemHash, leaf: leaf, isAdding: true) }

  package mutating func remove(_ itemHash: Digest, leaf: UInt8) { combine(itemHash, leaf: leaf, isAdding: false) }

  private mutating func combine(_ itemHash: Digest, leaf: UInt8, isAdding: Bool) {
    var carry = false
    itemHash.withUnsafeBytes { raw in
      // Safe: a digest lends exactly 32 bytes, and every load is inside of them.
      for word in 0..<4 {
        let operand = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: (3 - word) * 8, as: UInt64.self))
        let index = Int(leaf) * 4 + word
        let first = isAdding ? words[index].addingReportingOverflow(operand) : words[index].subtractingReportingOverflow(operand)
        let second =
          isAdding
          ? first.partialValue.addingReportingOverflow(carry ? 1 : 0) : first.partialValue.subtractingReportingOverflow(carry ? 1 : 0)
        words[index] = second.partialValue
        carry = first.overflow || second.overflow
      }
    }
  }

  private func append(_ leaf: Int, to bytes: inout [UInt8]) {
    for word in (0..<4).reversed() { bytes += Self.bigEndian(words[leaf * 4 + word], byteCount: 8) }
  }

  private static func appendField(_ field: [UInt8], to bytes: inout [UInt8]) {
    bytes += bigEndian(UInt64(field.count), byteCount: 4)
    bytes += field
  }

  private static func bigEndian(_ value: UInt64, byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (byteCount - 1 - $0))) }
  }
}
