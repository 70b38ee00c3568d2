// Ed25519 against the test vectors of RFC 8032, section 7.1, and the separation of meanings.
import Testing
import Trust

struct SignatureVector: Sendable, CustomTestStringConvertible {
  let name, seed, publicKey, message, signature: String
  var testDescription: String { name }

  static let published = [
    SignatureVector(
      name: "TEST 1", seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", message: "",
      signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        + "d25bf5f0595bbe24655141438e7a100b"),
    SignatureVector(
      name: "TEST 2", seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", message: "72",
      signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        + "387b2eaeb4302aeeb00d291612bb0c00"),
    SignatureVector(
      name: "TEST 3", seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", message: "af82",
      signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        + "4a7c15e9716ed28dc027beceea1ec40a"),
    SignatureVector(
      name: "TEST SHA(abc)", seed: "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
      publicKey: "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
      message: "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
      signature: "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
        + "3dca179c138ac17ad9bef1177331a704"),
  ]
}

@Suite struct SignatureTests {
  @Test(arguments: SignatureVector.published)
  func `the published vectors sign and verify`(vector: SignatureVector) throws {
    let seed = try #require(Hex.decode(vector.seed))
    let key = try #require(SigningKey(seed: seed))
    let message = try #require(Hex.decode(vector.message))
    #expect(Hex.encode(key.publicKey.bytes) == vector.publicKey)
    #expect(Hex.encode(key.sign(message).bytes) == vector.signature)
    #expect(key.publicKey.isValid(key.sign(message), over: message))
    #expect(Hex.encode(key.seed) == vector.seed)
  }

  @Test func `a changed message, signature or key is refused`() throws {
    let key = try #require(SigningKey(seed: [UInt8](repeating: 7, count: 32)))
    let message = Array("approve the spring series".utf8)
    let signature = key.sign(message)
    #expect(!key.publicKey.isValid(signature, over: message + [0]))
    for position in 0..<64 {
      var bytes = signature.bytes
      bytes[position] ^= 1
      #expect(!key.publicKey.isValid(try #require(Signature(bytes)), over: message))
    }
    for position in 0..<32 {
      var bytes = key.publicKey.bytes
      bytes[position] ^= 1
      #expect(!(try #require(PublicKey(bytes))).isValid(signature, over: message))
    }
  }

  @Test func `keys of small order judge nothing as valid`() throws {
    // The neutral element, and zero, as keys: an all-zero signature would pass an equation checked carelessly.
    for first: UInt8 in [0, 1] {
      let key = try #require(PublicKey([first] + [UInt8](repeating: 0, count: 31)))
      let signature = try #require(Signature([1] + [UInt8](repeating: 0, count: 63)))
      #expect(!key.isValid(signature, over: [1, 2, 3]))
    }
  }

  @Test func `lengths are exact`() {
    for count in [0, 31, 33, 63, 65] {
      let bytes = [UInt8](repeating: 1, count: count)
      #expect(PublicKey(bytes) == nil)
      #expect(Signature(bytes) == nil)
      #expect(SigningKey(seed: bytes) == nil)
    }
  }

  @Test func `generated keys differ and work`() {
    let first = SigningKey.generate()
    let second = SigningKey.generate()
    #expect(first.publicKey != second.publicKey)
    #expect(first.publicKey.isValid(first.sign([1]), over: [1]))
    #expect(!second.publicKey.isValid(first.sign([1]), over: [1]))
    #expect(SigningKey(seed: first.seed)?.publicKey == first.publicKey)
    #expect(first.publicKey.fingerprint == SHA256.hash(first.publicKey.bytes))
  }
}

@Suite struct DSSETests {
  @Test func `the encoding is the one of the specification`() {
    let encoded = DSSE.preAuthenticationEncoding(
      payloadType: "http://example.com/HelloWorld", payload: Array("hello world".utf8))
    #expect(String(decoding: encoded, as: UTF8.self) == "DSSEv1 29 http://example.com/HelloWorld 11 hello world")
    #expect(DSSE.preAuthenticationEncoding(payloadType: "", payload: []) == Array("DSSEv1 0  0 ".utf8))
    #expect(DSSE.preAuthenticationEncoding(payloadType: "é", payload: [255]) == Array("DSSEv1 2 é 1 ".utf8) + [255])
  }

  @Test func `a digest is the hash of the encoding`() {
    for type in PayloadType.allCases {
      let encoded = DSSE.preAuthenticationEncoding(payloadType: type.rawValue, payload: [1, 2, 3])
      #expect(DSSE.digest([1, 2, 3], as: type) == SHA256.hash(encoded))
    }
  }

  @Test func `a signature never passes for another meaning`() throws {
    let key = try #require(SigningKey(seed: [UInt8](repeating: 3, count: 32)))
    let payload = Array("payload".utf8)
    for made in PayloadType.allCases {
      let signature = key.sign(payload, as: made)
      #expect(!key.publicKey.isValid(signature, over: payload))
      for asked in PayloadType.allCases {
        #expect(key.publicKey.isValid(signature, over: payload, as: asked) == (made == asked))
      }
    }
    #expect(Set(PayloadType.allCases.map(\.rawValue)).count == 11)
    #expect(
      PayloadType.allCases.allSatisfy {
        $0.rawValue.hasPrefix("application/vnd.countersign.") && $0.rawValue.hasSuffix(".v1")
      })
  }
}
