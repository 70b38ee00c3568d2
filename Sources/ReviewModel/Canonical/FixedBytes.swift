// Values that are nothing but a fixed number of bytes: ids, digests, keys, signatures.
import Trust

/// A value whose canonical form is its own bytes, always as many.
package protocol FixedBytes: Hashable, Sendable {
  /// Nil unless there are exactly as many bytes as the value has.
  init?(_ bytes: [UInt8])
  var bytes: [UInt8] { get }
}

extension Digest: FixedBytes {
  package init?(_ bytes: [UInt8]) { self.init(bytes[...]) }
}

extension PublicKey: FixedBytes {
  package init?(_ bytes: [UInt8]) { self.init(bytes[...]) }
  /// All zero bytes: the value of a field before it is read.
  static var zero: PublicKey { PublicKey(ArraySlice(repeating: 0, count: 32))! }
}

extension Signature: FixedBytes {
  package init?(_ bytes: [UInt8]) { self.init(bytes[...]) }
  /// All zero bytes: the value of a field before it is read.
  static var zero: Signature { Signature(ArraySlice(repeating: 0, count: 64))! }
}
