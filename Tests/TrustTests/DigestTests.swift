// Digests and SHA-256 against the examples of FIPS 180-4, and the order of digests.
import Testing
import Trust

@Suite struct DigestTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func `SHA-256 gives the published digests`(message: String, expected: String) {
    let digest = SHA256.hash(Array(message.utf8))
    #expect(digest.hex == expected)
    #expect(digest.description == expected)
    #expect(Digest(hex: expected) == digest)
  }

  @Test func `a million letters give the published digest`() {
    let digest = SHA256.hash([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
    #expect(digest.hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func `slices hash like their concatenation wherever they are cut`() {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    for cut in [0, 1, 63, 64, 65, 150, 299, 300] {
      #expect(SHA256.hash([Array(bytes[..<cut]), [], Array(bytes[cut...])]) == SHA256.hash(bytes))
    }
    #expect(SHA256.hash([[UInt8]]()) == SHA256.hash([UInt8]()))
  }

  @Test func `a digest is exactly 32 bytes and gives them back`() {
    let bytes = (0..<32).map { UInt8(200 + $0) }
    #expect(Digest(bytes)?.bytes == bytes)
    #expect(Digest(bytes)?.firstByte == 200)
    #expect(Digest(bytes[...])?.withUnsafeBytes { Array($0) } == bytes)
    #expect(Digest(bytes.lazy.map { $0 })?.bytes == bytes)
    #expect(Digest(bytes.dropLast()) == nil)
    #expect(Digest(bytes + [0]) == nil)
    #expect(Digest([UInt8]()) == nil)
    #expect(Digest.zero.bytes == [UInt8](repeating: 0, count: 32))
  }

  @Test func `digests are ordered like their bytes`() throws {
    var samples: [[UInt8]] = [[UInt8](repeating: 0, count: 32), [UInt8](repeating: 255, count: 32)]
    for position in 0..<32 {
      for value: UInt8 in [1, 127, 128, 255] {
        var bytes = [UInt8](repeating: 9, count: 32)
        bytes[position] = value
        samples.append(bytes)
      }
    }
    for left in samples {
      for right in samples {
        let leftDigest = try #require(Digest(left))
        let rightDigest = try #require(Digest(right))
        #expect((leftDigest < rightDigest) == left.lexicographicallyPrecedes(right))
        #expect((leftDigest == rightDigest) == (left == right))
      }
    }
  }

  @Test(arguments: [
    "", "00", String(repeating: "0", count: 63), String(repeating: "0", count: 65), String(repeating: "g", count: 64),
    String(repeating: "é", count: 32), String(repeating: "0", count: 62) + "\n0",
  ])
  func `text that is not 64 hexadecimal digits is no digest`(text: String) {
    #expect(Digest(hex: text) == nil)
  }
}
