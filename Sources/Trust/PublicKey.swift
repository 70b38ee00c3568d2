// Who signed: an Ed25519 public key, and the signatures it can judge.
import CSodium

/// An Ed25519 public key, 32 bytes.
package struct PublicKey: Hashable, Sendable {
  package static let byteCount = 32
  package let bytes: [UInt8]

  /// Nil unless there are exactly 32 bytes. Whether they are a usable point of the curve shows in `isValid`,
  /// which refuses every signature of a key that is not.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = [UInt8](bytes)
  }

  /// SHA-256 of the 32 bytes: what people compare, and the id of a device.
  package var fingerprint: Digest { SHA256.hash(bytes) }

  /// Whether this key signed exactly these bytes. Malleable signatures and keys of small order are refused.
  package func isValid(_ signature: Signature, over message: [UInt8]) -> Bool {
    Sodium.start()
    return crypto_sign_verify_detached(signature.bytes, message, UInt64(message.count), bytes) == 0
  }
}

/// An Ed25519 signature, 64 bytes.
package struct Signature: Hashable, Sendable {
  package static let byteCount = 64
  package let bytes: [UInt8]

  /// Nil unless there are exactly 64 bytes.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = [UInt8](bytes)
  }

  /// For bytes that the signing function wrote.
  init(written bytes: [UInt8]) {
    self.bytes = bytes
  }
}
