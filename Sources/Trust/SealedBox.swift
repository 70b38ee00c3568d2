// Sealing to somebody who is not there: an anonymous X25519 box. It says nothing about who sealed it.
import CSodium

package enum SealedBox {
  /// How much longer sealed bytes are than plain ones.
  package static let overheadByteCount = crypto_box_sealbytes()

  /// Only the holder of the key pair can open it; the sealer cannot.
  package static func seal(_ plain: [UInt8], to key: SealingPublicKey) -> [UInt8] {
    Sodium.start()
    var sealed = [UInt8](repeating: 0, count: plain.count + overheadByteCount)
    let result = crypto_box_seal(&sealed, plain, UInt64(plain.count), key.bytes)
    precondition(result == 0, "sealing fails only for keys that SealingPublicKey refuses")
    return sealed
  }

  /// Throws `TrustError.cannotOpen` if it was sealed to another key or changed.
  package static func open(_ sealed: [UInt8], with pair: SealingKeyPair) throws(TrustError) -> [UInt8] {
    guard sealed.count >= overheadByteCount else { throw .cannotOpen }
    var plain = [UInt8](repeating: 0, count: sealed.count - overheadByteCount)
    // Safe: the output is the input without the overhead, the keys are 32 bytes each.
    let result = pair.withSecret { secret in
      crypto_box_seal_open(&plain, sealed, UInt64(sealed.count), pair.publicKey.bytes, secret)
    }
    guard result == 0 else { throw .cannotOpen }
    return plain
  }
}
