// Frames survive the way to bytes and back; everything that is no frame is refused with a reason.
import Foundation
import ReviewModel
import SyncProtocol
import Testing
import Trust

struct FrameCodecTests {
  @Test(arguments: FrameSample.all, WireEncoding.allCases)
  func `every frame comes back as it was`(sample: FrameSample, encoding: WireEncoding) throws {
    let bytes = try sample.encoded(as: encoding)
    #expect(try sample.decoded(bytes, as: encoding) == sample.side)
  }

  @Test(arguments: WireEncoding.allCases) func `a proof keeps its note`(encoding: WireEncoding) throws {
    let noted = ClientFrame.prove(Prove(signature: Story.proof, seenNote: Array("a note\n\u{2014} and its line\n".utf8)))
    #expect(try FrameCodec.decodeClientFrame(FrameCodec.encode(noted, as: encoding), as: encoding) == noted)
    // What older programs send, and those that have seen nothing.
    let bare = ClientFrame.prove(Prove(signature: Story.proof))
    let bytes = try FrameCodec.encode(bare, as: encoding)
    #expect(try FrameCodec.decodeClientFrame(bytes, as: encoding) == bare)
    #expect(try bytes.count < FrameCodec.encode(noted, as: encoding).count)
  }

  @Test func `every kind of frame has a sample`() {
    #expect(Set(FrameSample.client.map { $0.name.split(separator: ".")[1] }).count == 9)
    #expect(Set(FrameSample.server.map { $0.name.split(separator: ".")[1] }).count == 12)
  }

  @Test(arguments: FrameSample.all)
  func `fields of a newer version are passed over`(sample: FrameSample) throws {
    let binary = try sample.encoded(as: .binary) + [0xFA, 0x3E, 0x01, 0x00]
    #expect(try sample.decoded(binary, as: .binary) == sample.side)
    let json = try sample.encoded(as: .json).dropLast() + Array(#","fresh":{"list":[1,{}]}}"#.utf8)
    #expect(try sample.decoded(Array(json), as: .json) == sample.side)
  }

  @Test func `a frame of no known kind is unknown`() throws {
    let unknown = WireError(.unknownFrame, "")
    #expect(throws: unknown) { try FrameCodec.decodeClientFrame([], as: .binary) }
    #expect(throws: unknown) { try FrameCodec.decodeClientFrame([0xA2, 0x06, 0x00], as: .binary) }
    #expect(throws: unknown) { try FrameCodec.decodeServerFrame([0xA2, 0x06, 0x00], as: .binary) }
    #expect(throws: unknown) { try FrameCodec.decodeServerFrame(Array("{}".utf8), as: .json) }
    #expect(throws: unknown) { try FrameCodec.decodeClientFrame(Array(#"{"fresh":{}}"#.utf8), as: .json) }
  }

  @Test(arguments: [
    "", " ", "null", "[]", "7", "\"hello\"", "{", "{\"hello\":}", "{\"hello\":7}", "{\"prove\":{\"signature\":\"%\"}}",
    "{\"push\":{\"envelopes\":{}}}", "{\"subscribe\":{\"cursors\":[{\"scope\":\"tenant\",\"cursor\":-1}]}}",
    "{\"prove\":{},\"hello\":{}}", "{\"heartbeat\":{}} {}", "{\"heartbeat\":{\"heads\":[{\"scope\":\"tenant\\ud800\"}]}}",
  ])
  func `text that is no frame is malformed`(text: String) {
    let error = #expect(throws: WireError.self) { try FrameCodec.decodeClientFrame(Array(text.utf8), as: .json) }
    #expect(error?.code == .malformed || text == "null")
  }

  @Test(arguments: [UInt8(ascii: "["), UInt8(ascii: "{")])
  func `deep JSON is refused before it is parsed`(bracket: UInt8) {
    let opening: [UInt8] = bracket == UInt8(ascii: "[") ? [bracket] : Array(#"{"a":"#.utf8)
    let deep = Array(#"{"a":"#.utf8) + (0..<20_000).flatMap { _ in opening }
    #expect(throws: WireError(.malformed, "")) { try FrameCodec.decodeClientFrame(deep, as: .json) }
  }

  @Test func `brackets inside of texts are no depth`() throws {
    let detail = String(repeating: "[{\\\"", count: 100)
    let json = #"{"goodbye":{"code":"GOODBYE_CODE_IDLE","detail":"\#(detail)"}}"#
    guard case .goodbye(let goodbye) = try FrameCodec.decodeServerFrame(Array(json.utf8), as: .json) else {
      Issue.record("the frame is a goodbye")
      return
    }
    #expect(goodbye.detail.utf8.count == 300)
  }

  @Test func `a goodbye for a newer reason is read as an ordinary one, a goodbye for none is malformed`() throws {
    #expect(try FrameCodec.decodeServerFrame([0x62, 0x02, 0x08, 0x63], as: .binary) == .goodbye(Goodbye(code: .ordinary)))
    #expect(throws: WireError(.malformed, "")) { try FrameCodec.decodeServerFrame([0x62, 0x00], as: .binary) }
  }

  @Test(arguments: WireEncoding.allCases) func `a frame beyond the limit is refused unread`(encoding: WireEncoding) {
    let bytes = [UInt8](repeating: 0x20, count: encoding.frameByteLimit + 1)
    #expect(throws: WireError(.tooLarge, "")) { try FrameCodec.decodeClientFrame(bytes, as: encoding) }
    #expect(throws: WireError(.tooLarge, "")) { try FrameCodec.decodeServerFrame(bytes, as: encoding) }
  }

  @Test func `an entity that outgrew a page is refused when written`() throws {
    let payload = [UInt8](repeating: 1, count: WireLimits.frameBytes)
    let entry = ChangeEntry(seq: 1, key: .subject(Story.subject), payload: payload)
    let frame = ServerFrame.changes(Changes(scope: .tenant, from: 0, to: 1, entries: [entry]))
    #expect(throws: WireError(.tooLarge, "")) { try FrameCodec.encode(frame, as: .binary) }
  }

  @Test func `goodbye codes and close codes are those of the schema`() {
    #expect(GoodbyeCode.allCases.map(\.rawValue) == Array(1...18))
    #expect(GoodbyeCode.forked.webSocketCloseCode == 4009)
    for code in GoodbyeCode.allCases {
      #expect(WireGoodbyeCode(rawValue: Int(code.rawValue)).map { "\($0)" } == "\(code)")
    }
  }

  @Test func `the highest common version is chosen`() {
    #expect(ProtocolVersion.chosen(minimum: 1, maximum: 9) == 1)
    #expect(ProtocolVersion.chosen(minimum: 1, maximum: 1) == 1)
    #expect(ProtocolVersion.chosen(minimum: 2, maximum: 9) == nil)
    #expect(ProtocolVersion.chosen(minimum: 0, maximum: 0) == nil)
    #expect(ProtocolVersion.chosen(minimum: 5, maximum: 1) == nil)
  }
}
