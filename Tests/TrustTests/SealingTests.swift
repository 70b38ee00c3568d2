// Sealing to a key, to a person who is not there, and behind a passphrase.
import Testing
import Trust

@Suite struct SealingTests {
  private let plain = Array("what nobody else may read".utf8)
  private let context = Array("tenant/credentials".utf8)

  @Test func `the published XChaCha20-Poly1305 example opens`() throws {
    let key = try #require(SymmetricKey((0x80...0x9F).map { UInt8($0) }))
    let nonce = (0x40...0x57).map { UInt8($0) }
    let associated = try #require(Hex.decode("50515253c0c1c2c3c4c5c6c7"))
    let ciphertext = try #require(
      Hex.decode(
        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
          + "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
          + "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49"))
    let opened = try Sealing.open(nonce + ciphertext, key: key, context: associated)
    #expect(opened.count == 114)
    #expect(String(decoding: opened.prefix(20), as: UTF8.self) == "Ladies and Gentlemen")
  }

  @Test func `what is sealed opens with the same key and context only`() throws {
    let key = SymmetricKey.generate()
    let sealed = Sealing.seal(plain, key: key, context: context)
    #expect(sealed.count == plain.count + Sealing.overheadByteCount)
    #expect(try Sealing.open(sealed, key: key, context: context) == plain)
    #expect(throws: TrustError.cannotOpen) { try Sealing.open(sealed, key: .generate(), context: context) }
    #expect(throws: TrustError.cannotOpen) { try Sealing.open(sealed, key: key, context: context + [0]) }
    #expect(throws: TrustError.cannotOpen) { try Sealing.open(sealed, key: key, context: []) }
    #expect(Sealing.seal(plain, key: key, context: context) != sealed)
    #expect(try Sealing.open(Sealing.seal([], key: key, context: []), key: key, context: []) == [])
  }

  @Test func `every changed byte and every cut keeps it shut`() throws {
    let key = SymmetricKey.generate()
    let pair = SealingKeyPair.generate()
    let sealed = Sealing.seal(plain, key: key, context: context)
    let boxed = SealedBox.seal(plain, to: pair.publicKey)
    for changed in changes(of: sealed) {
      #expect(throws: TrustError.cannotOpen) { try Sealing.open(changed, key: key, context: context) }
    }
    for changed in changes(of: boxed) {
      #expect(throws: TrustError.cannotOpen) { try SealedBox.open(changed, with: pair) }
    }
  }

  @Test func `a sealed box opens for its receiver only`() throws {
    let pair = SealingKeyPair.generate()
    let sealed = SealedBox.seal(plain, to: pair.publicKey)
    #expect(sealed.count == plain.count + SealedBox.overheadByteCount)
    #expect(try SealedBox.open(sealed, with: pair) == plain)
    #expect(throws: TrustError.cannotOpen) { try SealedBox.open(sealed, with: .generate()) }
    let again = try #require(SealingKeyPair(secretKey: pair.secretKey))
    #expect(again.publicKey == pair.publicKey)
    #expect(try SealedBox.open(sealed, with: again) == plain)
    #expect(try SealedBox.open(SealedBox.seal([], to: pair.publicKey), with: pair) == [])
  }

  @Test func `the example of RFC 7748 has its published public key`() throws {
    let secret = try #require(Hex.decode("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"))
    let pair = try #require(SealingKeyPair(secretKey: secret))
    #expect(Hex.encode(pair.publicKey.bytes) == "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
  }

  @Test func `keys to which everybody could open are refused`() {
    for first: UInt8 in [0, 1] {
      #expect(SealingPublicKey([first] + [UInt8](repeating: 0, count: 31)) == nil)
    }
    for count in [0, 31, 33] {
      let bytes = [UInt8](repeating: 9, count: count)
      #expect(SealingPublicKey(bytes) == nil)
      #expect(SealingKeyPair(secretKey: bytes) == nil)
      #expect(SymmetricKey(bytes) == nil)
    }
  }

  @Test func `secrets are compared whole`() throws {
    let key = SymmetricKey.generate()
    #expect(SymmetricKey(key.bytes) == key)
    #expect(SymmetricKey.generate() != key)
    #expect(SecretComparison.areEqual([1, 2], [1, 2]))
    #expect(SecretComparison.areEqual([], []))
    #expect(!SecretComparison.areEqual([1, 2], [1, 3]))
    #expect(!SecretComparison.areEqual([1, 2], [1]))
  }

  @Test func `a passphrase always gives the same key, and another input another`() throws {
    let salt = [UInt8](repeating: 5, count: PassphraseKey.saltByteCount)
    func derive(_ passphrase: String, _ salt: [UInt8], _ cost: PassphraseKey.Cost = .minimal) throws -> SymmetricKey {
      try PassphraseKey.derive(passphrase: passphrase, salt: salt, cost: cost)
    }
    let key = try derive("correct", salt)
    #expect(try derive("correct", salt) == key)
    // Frozen: identity files sealed today must open with every later version.
    #expect(Hex.encode(key.bytes) == "8e5b43f31ecf7e484006b4c7a75083b4691fa3f33c8b44b53c19f81396bfb316")
    #expect(try derive("correcT", salt) != key)
    #expect(try derive("", salt) != key)
    #expect(try derive("correct", [UInt8](repeating: 6, count: 16)) != key)
    #expect(try derive("correct", salt, .init(opsLimit: 2, memLimit: 8 << 10)) != key)
  }

  @Test func `a cost or salt out of bounds is refused`() {
    let salt = [UInt8](repeating: 5, count: 16)
    let costs = [(0, 8 << 10), (17, 8 << 10), (UInt64.max, 8 << 10), (1, 0), (1, -1), (1, 1 << 40), (1, .max)]
    for (opsLimit, memLimit) in costs {
      let cost = PassphraseKey.Cost(opsLimit: opsLimit, memLimit: memLimit)
      #expect(throws: TrustError.passphraseParameters) { try PassphraseKey.derive(passphrase: "a", salt: salt, cost: cost) }
    }
    for count in [0, 15, 17] {
      #expect(throws: TrustError.passphraseParameters) {
        try PassphraseKey.derive(passphrase: "a", salt: [UInt8](repeating: 0, count: count), cost: .minimal)
      }
    }
    #expect(PassphraseKey.Cost.interactive.isAllowed)
  }

  private func changes(of bytes: [UInt8]) -> [[UInt8]] {
    bytes.indices.flatMap { position in
      var changed = bytes
      changed[position] ^= 0x80
      return [changed, Array(bytes.prefix(position))]
    } + [bytes + [0]]
  }
}
