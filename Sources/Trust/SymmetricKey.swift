// A secret key for sealing, in a box that is wiped.
import CSodium

/// 32 secret bytes. Two keys are compared in a time that does not depend on them.
package struct SymmetricKey: Sendable, Equatable {
  package static let byteCount = 32
  private let secret: SecretBytes

  /// Nil unless there are exactly 32 bytes. The caller's array is not wiped.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    secret = SecretBytes(bytes)
  }

  init(_ secret: SecretBytes) {
    self.secret = secret
  }

  /// A new key from the system's randomness.
  package static func generate() -> SymmetricKey {
    // Safe: the box has exactly the 32 bytes that are asked for.
    SymmetricKey(SecretBytes(count: byteCount) { randombytes_buf($0, byteCount) })
  }

  /// A secret copy that the caller must look after.
  package var bytes: [UInt8] { secret.copy(first: Self.byteCount) }

  func withPointer<Answer>(_ body: (UnsafePointer<UInt8>) throws -> Answer) rethrows -> Answer {
    try secret.withPointer(body)
  }

  package static func == (left: SymmetricKey, right: SymmetricKey) -> Bool {
    left.secret.isEqual(to: right.secret)
  }
}

/// For secrets that are plain bytes: tokens and codes.
package enum SecretComparison {
  /// In a time that depends on the lengths only.
  package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    Sodium.start()
    return sodium_memcmp(left, right, left.count) == 0
  }
}
