// The secret half of an identity: signs, and is wiped from memory when the last copy goes.
import CSodium

/// An Ed25519 key pair made from a 32-byte seed.
package struct SigningKey: Sendable {
  package static let seedByteCount = 32
  package let publicKey: PublicKey
  /// The library's form of the secret: seed ‖ public key.
  private let secret: SecretBytes

  /// Nil unless the seed has exactly 32 bytes. The caller's array is not wiped.
  package init?(seed: [UInt8]) {
    guard seed.count == Self.seedByteCount else { return nil }
    var publicBytes = [UInt8](repeating: 0, count: PublicKey.byteCount)
    // Safe: the box is 64 bytes long, which is what the function writes.
    secret = SecretBytes(count: 64) { target in
      _ = crypto_sign_seed_keypair(&publicBytes, target, seed)
    }
    guard let key = PublicKey(publicBytes) else { return nil }
    publicKey = key
  }

  /// A new key from the system's randomness.
  package static func generate() -> SigningKey {
    guard let key = SigningKey(seed: RandomBytes.make(count: seedByteCount)) else {
      preconditionFailure("a seed of the right length always makes a key")
    }
    return key
  }

  /// The 32 bytes this key was made from: a secret copy that the caller must look after.
  package var seed: [UInt8] { secret.copy(first: Self.seedByteCount) }

  /// Signs exactly these bytes. Use `sign(_:as:)`, which says what the signature means, for everything but signed notes.
  package func sign(_ message: [UInt8]) -> Signature {
    var bytes = [UInt8](repeating: 0, count: Signature.byteCount)
    // Safe: the secret is 64 bytes, the signature 64, and the message is as long as it says.
    secret.withPointer { key in
      _ = crypto_sign_detached(&bytes, nil, message, UInt64(message.count), key)
    }
    return Signature(written: bytes)
  }
}
