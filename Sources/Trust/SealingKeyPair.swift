// Keys for sealed boxes: anybody may seal to the public half, only the holder of the secret half can open.
import CSodium

/// An X25519 public key, 32 bytes.
package struct SealingPublicKey: Hashable, Sendable {
  package static let byteCount = 32
  package let bytes: [UInt8]

  /// Nil unless there are exactly 32 bytes that are a usable key: to a point of small order everybody could open.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = [UInt8](bytes)
    Sodium.start()
    // Any scalar shows a point of small order: the product is zero, and the function says so.
    let scalar = [UInt8](repeating: 1, count: Self.byteCount)
    var product = [UInt8](repeating: 0, count: Self.byteCount)
    guard crypto_scalarmult(&product, scalar, self.bytes) == 0 else { return nil }
  }
}

/// An X25519 key pair.
package struct SealingKeyPair: Sendable {
  package static let secretByteCount = 32
  package let publicKey: SealingPublicKey
  private let secret: SecretBytes

  /// Nil unless there are exactly 32 bytes. The caller's array is not wiped.
  package init?(secretKey: [UInt8]) {
    guard secretKey.count == Self.secretByteCount else { return nil }
    Sodium.start()
    var publicBytes = [UInt8](repeating: 0, count: SealingPublicKey.byteCount)
    guard crypto_scalarmult_base(&publicBytes, secretKey) == 0, let key = SealingPublicKey(publicBytes) else { return nil }
    publicKey = key
    secret = SecretBytes(secretKey)
  }

  /// A new pair from the system's randomness.
  package static func generate() -> SealingKeyPair {
    guard let pair = SealingKeyPair(secretKey: RandomBytes.make(count: secretByteCount)) else {
      preconditionFailure("a secret of the right length always makes a pair")
    }
    return pair
  }

  /// A secret copy that the caller must look after.
  package var secretKey: [UInt8] { secret.copy(first: Self.secretByteCount) }

  func withSecret<Answer>(_ body: (UnsafePointer<UInt8>) throws -> Answer) rethrows -> Answer {
    try secret.withPointer(body)
  }
}
