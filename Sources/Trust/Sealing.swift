// Sealing with a key that both sides hold: XChaCha20-Poly1305. What is sealed is bound to a context (what it is, whose
// it is), so that sealed bytes moved to another place do not open.
import CSodium

package enum Sealing {
  private static let nonceByteCount = Int(crypto_aead_xchacha20poly1305_IETF_NPUBBYTES)
  private static let tagByteCount = Int(crypto_aead_xchacha20poly1305_IETF_ABYTES)
  /// How much longer sealed bytes are than plain ones.
  package static let overheadByteCount = nonceByteCount + tagByteCount

  /// A random 24-byte nonce ‖ ciphertext ‖ tag. The context is authenticated, not stored.
  package static func seal(_ plain: [UInt8], key: SymmetricKey, context: [UInt8]) -> [UInt8] {
    let nonce = RandomBytes.make(count: nonceByteCount)
    var sealed = [UInt8](repeating: 0, count: plain.count + tagByteCount)
    // Safe: every length is passed beside its array, and the output has room for the tag.
    let result = key.withPointer { key in
      crypto_aead_xchacha20poly1305_ietf_encrypt(
        &sealed, nil, plain, UInt64(plain.count), context, UInt64(context.count), nil, nonce, key)
    }
    precondition(result == 0, "sealing fails for no input that fits in memory")
    return nonce + sealed
  }

  /// Throws `TrustError.cannotOpen` for another key, another context, or any change.
  package static func open(_ sealed: [UInt8], key: SymmetricKey, context: [UInt8]) throws(TrustError) -> [UInt8] {
    guard sealed.count >= overheadByteCount else { throw .cannotOpen }
    let nonce = Array(sealed.prefix(nonceByteCount))
    let ciphertext = Array(sealed.dropFirst(nonceByteCount))
    var plain = [UInt8](repeating: 0, count: ciphertext.count - tagByteCount)
    // Safe: every length is passed beside its array, and the output is the ciphertext without the tag.
    let result = key.withPointer { key in
      crypto_aead_xchacha20poly1305_ietf_decrypt(
        &plain, nil, nil, ciphertext, UInt64(ciphertext.count), context, UInt64(context.count), nonce, key)
    }
    guard result == 0 else { throw .cannotOpen }
    return plain
  }
}
