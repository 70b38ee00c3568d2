// Invitation codes are read from paper and chat: whole or not at all.
import ReviewModel
import Testing
import Trust

struct InvitationCodeTests {
  private let code = CanonicalSample.with(InvitationCode.self) {
    $0.url = "wss://countersign.example:8443"
    $0.tenant = CanonicalSample.id(1)
    $0.tenantName = "Praxis Müller & Söhne"
    $0.serverKey = CanonicalSample.key(2)
    $0.rootFingerprint = CanonicalSample.digest(3)
    $0.seed = [UInt8](repeating: 4, count: 32)
  }

  @Test func `a code reads back, with and without a root`() {
    #expect(InvitationCode(text: code.text) == code)
    var first = code
    first.rootFingerprint = nil
    #expect(InvitationCode(text: first.text) == first)
    #expect(first.text.hasPrefix("cs1-"))
  }

  @Test func `white space that crept in does not matter`() {
    let middle = code.text.index(code.text.startIndex, offsetBy: 40)
    let folded = "  \n" + code.text[..<middle] + "\n\t " + code.text[middle...] + "\r\n"
    #expect(InvitationCode(text: folded) == code)
  }

  @Test func `one changed character anywhere spoils it`() {
    let characters = Array(code.text)
    for index in characters.indices {
      var damaged = characters
      damaged[index] = damaged[index] == "A" ? "B" : "A"
      #expect(InvitationCode(text: String(damaged)) == nil)
    }
  }

  @Test func `a missing or added character spoils it`() {
    for count in 0..<code.text.count { #expect(InvitationCode(text: String(code.text.prefix(count))) == nil) }
    #expect(InvitationCode(text: code.text + "A") == nil)
    #expect(InvitationCode(text: "cs2-" + code.text.dropFirst(4)) == nil)
    #expect(InvitationCode(text: "cs1-" + String(repeating: "A", count: 4_000)) == nil)
  }

  @Test(arguments: [0, 31, 33]) func `a seed of another length is refused`(count: Int) {
    var odd = code
    odd.seed = [UInt8](repeating: 4, count: count)
    #expect(InvitationCode(text: odd.text) == nil)
  }
}
