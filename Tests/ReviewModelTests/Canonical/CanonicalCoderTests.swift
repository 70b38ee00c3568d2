// The strictness of canonical bytes: one value has one form, and every other form is refused.
import ReviewModel
import Testing
import Trust

struct CanonicalCoderTests {
  private let clock = HybridClock(wallMilliseconds: 300, counter: 2)

  @Test func `fields are ascending varints and defaults are omitted`() {
    #expect(clock.encoded() == [0x08, 0xAC, 0x02, 0x10, 0x02])
    #expect(HybridClock().encoded() == [])
    let largest = HybridClock(wallMilliseconds: .max, counter: 0)
    #expect(largest.encoded() == [0x08] + [UInt8](repeating: 0xFF, count: 9) + [1])
  }

  @Test(arguments: [
    ("descending", [0x10, 0x02, 0x08, 0x01], CanonicalError.Code.unknownField),
    ("the same field twice", [0x08, 0x01, 0x08, 0x02], .unknownField),
    ("an unknown field", [0x08, 0x01, 0x18, 0x01], .unknownField),
    ("a varint with a needless byte", [0x08, 0x81, 0x00], .notMinimal),
    ("a tag with a needless byte", [0x88, 0x00, 0x01], .notMinimal),
    ("a length where a number belongs", [0x0A, 0x01, 0x00], .wrongWireType),
    ("a default that is written", [0x08, 0x00], .defaultPresent),
    ("a number that ends too early", [0x08, 0x80], .truncated),
    ("a tag without a value", [0x08], .truncated),
    ("eleven bytes of a number", [0x08] + [UInt8](repeating: 0x80, count: 10) + [0x01], .badValue),
    ("a number beyond 64 bits", [0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x02], .badValue),
    ("a counter beyond 32 bits", [0x10, 0x80, 0x80, 0x80, 0x80, 0x10], .badValue),
    ("field number 0", [0x00, 0x01], .badValue),
    ("a group", [0x0B, 0x0C], .wrongWireType),
  ])
  func `bytes that are not canonical are refused`(name: String, bytes: [UInt8], code: CanonicalError.Code) {
    let error = #expect(throws: CanonicalError.self) { try HybridClock(canonical: bytes) }
    #expect(error?.code == code, "\(name)")
  }

  @Test(
    arguments: [[0x18, 0x81, 0x00], [0x19, 1, 2, 3], [0x1D, 1], [0x1A, 0x05, 0x00], [0x1B], [0x1F, 0x00]] as [[UInt8]])
  func `a tolerant reader refuses damaged unknown fields too`(bytes: [UInt8]) {
    #expect(throws: CanonicalError.self) { try HybridClock(tolerating: clock.encoded() + bytes) }
  }

  @Test func `a tolerant reader passes over unknown fields of every width`() throws {
    let unknown: [UInt8] = [0x18, 0x01, 0x21, 1, 2, 3, 4, 5, 6, 7, 8, 0x2D, 1, 2, 3, 4, 0x32, 0x02, 9, 9]
    #expect(try HybridClock(tolerating: clock.encoded() + unknown) == clock)
  }

  @Test func `text must be UTF-8 and stays as it is`() throws {
    let composed = ItemContent(theme: "\u{E9}", canonicalText: "")
    let decomposed = ItemContent(theme: "e\u{301}", canonicalText: "")
    #expect(composed.encoded() != decomposed.encoded())
    #expect(throws: CanonicalError(.badText, field: 1)) { try ItemContent(canonical: [0x0A, 0x01, 0xFF]) }
    #expect(throws: CanonicalError(.badText, field: 1)) { try ItemContent(canonical: [0x0A, 0x03, 0xED, 0xA0, 0x80]) }
    #expect(throws: CanonicalError(.badText, field: 6)) {
      try RevisionContent(canonical: RevisionContent().encoded() + [0x32, 0x01, 0xC0])
    }
  }

  @Test func `lists keep their order and their empty texts`() throws {
    var content = RevisionContent()
    content.hashtags = ["b", "", "a"]
    #expect(try RevisionContent(canonical: content.encoded()).hashtags == ["b", "", "a"])
  }

  @Test func `fixed values must be there and have their length`() {
    #expect(throws: CanonicalError(.missingField, field: 1)) { try VouchDevice(canonical: []) }
    #expect(throws: CanonicalError(.badLength, field: 1)) { try VouchDevice(canonical: [0x0A, 0x01, 0x00]) }
    #expect(throws: CanonicalError(.truncated, field: 1)) { try VouchDevice(canonical: [0x0A, 0x20, 0x00]) }
    #expect(throws: CanonicalError(.truncated, field: 1)) {
      try VouchDevice(canonical: [0x0A] + [UInt8](repeating: 0xFF, count: 9) + [0x01])
    }
  }

  @Test func `enumerations must be known and there`() {
    #expect(throws: CanonicalError(.badValue, field: 1)) { try TargetOutcome(canonical: []) }
    #expect(throws: CanonicalError(.badValue, field: 1)) { try TargetOutcome(canonical: [0x08, 0x63]) }
    #expect(throws: CanonicalError(.badValue, field: 2)) { try TargetOutcome(canonical: [0x08, 0x01, 0x10, 0x63]) }
    #expect(throws: CanonicalError(.wrongWireType, field: 3)) { try Outcome(canonical: [0x08, 0x01, 0x18, 0x01]) }
  }

  @Test func `a yes is one and nothing else`() {
    #expect(throws: CanonicalError(.badValue, field: 5)) { try ApprovalPolicy(canonical: [0x28, 0x02]) }
  }

  @Test func `an optional index travels as itself plus one`() throws {
    var first = TouchedEntity(key: .member(.zero), previousIndex: 0)
    #expect(first.encoded().suffix(2) == [0x18, 0x01])
    first.previousIndex = nil
    #expect(first.encoded().count == TouchedEntity(key: .member(.zero), previousIndex: 0).encoded().count - 2)
    #expect(try TouchedEntity(canonical: first.encoded()).previousIndex == nil)
  }

  @Test func `a part of a message cannot reach beyond it`() {
    // The embedded target claims two bytes and holds the tag of a text that would be longer.
    #expect(throws: CanonicalError(.truncated, field: 1)) {
      try RevisionContent(
        canonical: [0x0A, 0x10] + [UInt8](repeating: 1, count: 16) + [0x12, 0x02, 0x0A, 0x05, 1, 2, 3, 4, 5])
    }
  }

  @Test func `an absent field is its default, not the value that a new message begins with`() throws {
    var envelope = Envelope()
    envelope.lane = 0
    envelope.schemaVersion = 0
    #expect(try Envelope(canonical: envelope.encoded()) == envelope)
    var policy = ApprovalPolicy(approvals: 0)
    policy.perPost = false
    #expect(try ApprovalPolicy(canonical: policy.encoded()) == policy)
  }
}
