// Hexadecimal and Base64 text, the random bytes, and the words of errors.
import Testing
import Trust

@Suite struct TextEncodingTests {
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func `the examples of RFC 4648 hold both ways`(plain: String, encoded: String) {
    let unpadded = encoded.filter { $0 != "=" }
    #expect(Base64.encode(Array(plain.utf8)) == encoded)
    #expect(Base64.decode(encoded) == Array(plain.utf8))
    #expect(Base64.encodeURL(Array(plain.utf8)) == unpadded)
    #expect(Base64.decodeURL(unpadded) == Array(plain.utf8))
  }

  @Test func `the two alphabets differ in two letters and do not mix`() {
    #expect(Base64.encode([0xFB, 0xFF]) == "+/8=")
    #expect(Base64.encodeURL([0xFB, 0xFF]) == "-_8")
    #expect(Base64.decode("-_8=") == nil)
    #expect(Base64.decodeURL("+/8") == nil)
  }

  @Test(arguments: [
    "Zg", "Zg=", "Zg===", "Zh==", "Zm9", "Zm9=", "Z", "=", "====", " Zg==", "Zg==\n", "Z g=", "Zg==Zg==", "é===", "AAé",
  ])
  func `sloppy Base64 is refused`(text: String) {
    #expect(Base64.decode(text) == nil)
  }

  @Test(arguments: ["Zg==", "Zh", "Z", "Zm9v=", "Zm 9v", "Zg\n", "AAé"])
  func `sloppy Base64 for addresses is refused`(text: String) {
    #expect(Base64.decodeURL(text) == nil)
  }

  @Test func `every length comes back`() {
    for count in 0..<70 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
      #expect(Base64.decodeURL(Base64.encodeURL(bytes)) == bytes)
      #expect(Hex.decode(Hex.encode(bytes)) == bytes)
    }
  }

  @Test func `hexadecimal text is strict`() {
    #expect(Hex.encode([0, 0x7F, 0xFF]) == "007fff")
    #expect(Hex.decode("007FfF") == [0, 0x7F, 0xFF])
    #expect(Hex.decode("") == [])
    for text in ["0", "0g", "0x00", "00 00", "00:00", "000", "é"] { #expect(Hex.decode(text) == nil) }
  }

  @Test func `random bytes have the length asked for and differ`() {
    #expect(RandomBytes.make(count: 0).isEmpty)
    #expect(RandomBytes.make(count: 32).count == 32)
    #expect(RandomBytes.make(count: 32) != RandomBytes.make(count: 32))
  }

  @Test func `every error has a code and a sentence of its own`() {
    #expect(Set(TrustError.allCases.map(\.code)).count == TrustError.allCases.count)
    #expect(Set(TrustError.allCases.map(\.sentence)).count == TrustError.allCases.count)
    #expect(TrustError.allCases.allSatisfy { $0.sentence.hasSuffix(".") && $0.description.hasPrefix($0.code) })
  }
}
