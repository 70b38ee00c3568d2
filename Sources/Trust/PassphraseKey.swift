// A key from something that a person remembers: argon2id, slow on purpose.
import CSodium

package enum PassphraseKey {
  package static let saltByteCount = Int(crypto_pwhash_argon2id_SALTBYTES)

  /// How much work one derivation is. It is stored beside the salt.
  package struct Cost: Hashable, Sendable {
    /// Passes over the memory.
    package let opsLimit: UInt64
    /// Memory in bytes.
    package let memLimit: Int

    package init(opsLimit: UInt64, memLimit: Int) {
      self.opsLimit = opsLimit
      self.memLimit = memLimit
    }

    /// For a person who waits: two passes over 64 MiB, a few hundredths of a second.
    package static let interactive = Cost(opsLimit: 2, memLimit: 64 << 20)
    /// The least there is, for tests only: it protects nothing.
    package static let minimal = Cost(opsLimit: 1, memLimit: 8 << 10)

    /// A cost is read from a file that may be damaged or hostile, so its work is bounded: 16 passes, 1 GiB.
    package var isAllowed: Bool { (1...16).contains(opsLimit) && ((8 << 10)...(1 << 30)).contains(memLimit) }
  }

  /// The same passphrase (byte for byte, UTF-8), 16-byte salt and cost always give the same key.
  /// Throws `passphraseParameters` or `outOfMemory`. Takes long: keep it off the cooperative pool.
  package static func derive(passphrase: String, salt: [UInt8], cost: Cost) throws(TrustError) -> SymmetricKey {
    guard salt.count == saltByteCount, cost.isAllowed else { throw .passphraseParameters }
    var passphraseBytes = passphrase.utf8.map { CChar(bitPattern: $0) }
    defer { sodium_memzero(&passphraseBytes, passphraseBytes.count) }
    var result: Int32 = -1
    // Safe: the box has exactly the 32 bytes that are asked for, and the passphrase is as long as it says.
    let secret = SecretBytes(count: SymmetricKey.byteCount) { target in
      result = crypto_pwhash(
        target, UInt64(SymmetricKey.byteCount), passphraseBytes, UInt64(passphraseBytes.count), salt,
        cost.opsLimit, cost.memLimit, crypto_pwhash_ALG_ARGON2ID13)
    }
    guard result == 0 else { throw .outOfMemory }
    return SymmetricKey(secret)
  }
}
