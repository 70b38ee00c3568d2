// A SHA-256 digest as a small fixed value: four words instead of an array, so that dictionaries and trees of
// digests cost no allocation.

/// 32 bytes. The order is the order of the bytes.
package struct Digest: Hashable, Sendable {
  /// The bytes as four big-endian numbers, first byte most significant, so that comparing numbers compares bytes.
  private let first, second, third, fourth: UInt64

  package static let byteCount = 32
  /// 32 zero bytes.
  package static let zero = Digest(words: (0, 0, 0, 0))

  /// Words in memory order, as a hash function wrote them.
  init(words: (UInt64, UInt64, UInt64, UInt64)) {
    first = UInt64(bigEndian: words.0)
    second = UInt64(bigEndian: words.1)
    third = UInt64(bigEndian: words.2)
    fourth = UInt64(bigEndian: words.3)
  }

  /// Nil unless there are exactly 32 bytes.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    // Safe: the tuple is 32 bytes long, copyBytes is bounded by it, and the pointer stays in the closure.
    Swift.withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
    self.init(words: words)
  }

  /// Nil unless the text is 64 hexadecimal digits (either case).
  package init?(hex: some StringProtocol) {
    guard hex.utf8.count == 2 * Self.byteCount, let bytes = Hex.decode(hex) else { return nil }
    self.init(bytes)
  }

  package var bytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }

  /// 64 lower-case hexadecimal digits.
  package var hex: String {
    // Safe: the string lends room for at least 64 digits, and each of them is written.
    String(unsafeUninitializedCapacity: 2 * Self.byteCount) { text in
      withUnsafeBytes { bytes in
        for (index, byte) in bytes.enumerated() {
          text.initializeElement(at: 2 * index, to: Self.digit(byte >> 4))
          text.initializeElement(at: 2 * index + 1, to: Self.digit(byte & 15))
        }
      }
      return 2 * Self.byteCount
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

  package var firstByte: UInt8 { UInt8(truncatingIfNeeded: first >> 56) }

  /// Lends the 32 bytes without an allocation; the pointer must not leave the closure.
  package func withUnsafeBytes<Answer>(_ body: (UnsafeRawBufferPointer) throws -> Answer) rethrows -> Answer {
    let words = (first.bigEndian, second.bigEndian, third.bigEndian, fourth.bigEndian)
    // Safe: the tuple lives for the whole closure.
    return try Swift.withUnsafeBytes(of: words, body)
  }

  /// The same for a C function, which wants a typed pointer to 32 bytes.
  func withBytePointer(_ body: (UnsafePointer<UInt8>) -> Void) {
    let words = (first.bigEndian, second.bigEndian, third.bigEndian, fourth.bigEndian)
    // Safe: the tuple is 32 bytes, lives for the whole closure, and any memory may be read as bytes.
    withUnsafePointer(to: words) { $0.withMemoryRebound(to: UInt8.self, capacity: Self.byteCount, body) }
  }
}

extension Digest: Comparable {
  package static func < (left: Digest, right: Digest) -> Bool {
    (left.first, left.second, left.third, left.fourth) < (right.first, right.second, right.third, right.fourth)
  }
}

extension Digest: CustomStringConvertible {
  package var description: String { hex }
}
