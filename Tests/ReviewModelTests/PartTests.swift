// Parts: salt, kind, content, and the digest that an envelope names.
import ReviewModel
import Testing
import Trust

struct PartTests {
  private let salt = [UInt8](repeating: 9, count: 32)

  @Test(arguments: PartKind.allCases) func `a part is salt, kind and content`(kind: PartKind) throws {
    let part = Part(salt: salt, kind: kind, content: [1, 2])
    #expect(part.bytes == salt + [kind.rawValue, 1, 2])
    #expect(part.digest == SHA256.hash(part.bytes))
    let read = try #require(Part(part.bytes))
    #expect(read == part)
    #expect(read.salt == salt)
    #expect(read.content == [1, 2])
  }

  @Test func `bytes that are too short or of an unknown kind are no part`() {
    #expect(Part(salt) == nil)
    #expect(Part([]) == nil)
    #expect(Part(salt + [0]) == nil)
    #expect(Part(salt + [200, 1]) == nil)
    #expect(Part(salt + [1])?.content == [])
  }

  @Test func `text that is not UTF-8 is no text`() {
    #expect(Part.text("Müller", kind: .name, salt: salt).text == "Müller")
    #expect(Part(salt: salt, kind: .reason, content: [0xFF]).text == nil)
  }

  @Test func `a set finds parts by digest and orders them by it`() {
    let parts = (0..<5).map { Part(salt: salt, kind: .reason, content: [UInt8($0)]) }
    let set = PartSet(parts + parts)
    #expect(set.count == 5)
    #expect(set.byteCount == 5 * 34)
    #expect(set.ordered == parts.sorted { $0.digest < $1.digest })
    #expect(set[parts[3].digest] == parts[3])
    #expect(set[.zero] == nil)
  }
}
