// The hashing of RFC 6962 and RFC 9162: leaves and inner nodes have prefixes of their own, so that one never
// passes for the other.

package enum MerkleHash {
  /// SHA-256(0x00 ‖ record).
  package static func leaf(_ record: [UInt8]) -> Digest {
    var stream = SHA256Stream()
    stream.update(0x00)
    stream.update(record)
    return stream.finish()
  }

  /// SHA-256(0x01 ‖ left ‖ right).
  package static func node(_ left: Digest, _ right: Digest) -> Digest {
    var stream = SHA256Stream()
    stream.update(0x01)
    stream.update(left)
    stream.update(right)
    return stream.finish()
  }

  /// The root of a log without entries: SHA-256 of nothing.
  package static let emptyRoot = SHA256.hash([UInt8]())
}
