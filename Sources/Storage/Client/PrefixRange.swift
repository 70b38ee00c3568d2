// The ids that begin with some hexadecimal digits, as a range of bytes that an ordered index can walk.
import Trust

package struct PrefixRange: Sendable, Hashable {
  package let lower: [UInt8]
  package let upper: [UInt8]

  /// Ids of `byteCount` bytes; nil if the digits are too many or no digits.
  package init?(hex digits: String, byteCount: Int) {
    let width = byteCount * 2
    guard digits.utf8.count <= width else { return nil }
    let missing = width - digits.utf8.count
    guard let lower = Hex.decode(digits + String(repeating: "0", count: missing)),
      let upper = Hex.decode(digits + String(repeating: "f", count: missing))
    else { return nil }
    self.lower = lower
    self.upper = upper
  }

  package func contains(_ id: [UInt8]) -> Bool {
    id.count == lower.count && !id.lexicographicallyPrecedes(lower) && !upper.lexicographicallyPrecedes(id)
  }
}
