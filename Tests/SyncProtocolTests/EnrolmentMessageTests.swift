// The HTTP messages: both encodings, what is optional, and what is refused.
import ReviewModel
import SyncProtocol
import Testing
import Trust

struct EnrolmentMessageTests {
  static let request = EnrolRequest(
    tenant: Story.tenant, envelope: PushedEnvelope(envelope: Story.enrolment, parts: [Story.deviceName.bytes]),
    recoveryKey: Story.recovery.publicKey)

  static let response = EnrolResponse(
    member: Story.member, origin: Story.origin, epoch: Story.epoch, checkpointNote: Story.note, outcomes: Story.outcomes,
    root: Story.rootNaming, proposedRootSignature: Story.server.sign(Story.rootNaming.encoded(), as: .rootNaming),
    tenantName: "Praxis Muster")

  static let info = ServerInfo(
    serverKey: Story.server.publicKey, certificateDigest: Story.certificate.certificateDigest,
    certificateSignature: Story.server.sign(Story.certificate.encoded(), as: .certificateStatement), version: "0.1.0")

  static let problem = Problem(code: "rate_limited", sentence: "Too many requests; wait.", retryAfterMilliseconds: 1_000)

  @Test(arguments: WireEncoding.allCases) func `messages come back as they were`(encoding: WireEncoding) throws {
    #expect(try EnrolRequest(Self.request.encoded(as: encoding), as: encoding) == Self.request)
    #expect(try EnrolResponse(Self.response.encoded(as: encoding), as: encoding) == Self.response)
    #expect(try ServerInfo(Self.info.encoded(as: encoding), as: encoding) == Self.info)
    #expect(try Problem(Self.problem.encoded(as: encoding), as: encoding) == Self.problem)
  }

  @Test(arguments: WireEncoding.allCases) func `what is absent stays absent`(encoding: WireEncoding) throws {
    var request = Self.request
    request.recoveryKey = nil
    #expect(try EnrolRequest(request.encoded(as: encoding), as: encoding) == request)
    var response = Self.response
    response.root = nil
    response.proposedRootSignature = nil
    #expect(try EnrolResponse(response.encoded(as: encoding), as: encoding) == response)
    var info = Self.info
    info.certificateDigest = nil
    info.certificateSignature = nil
    #expect(try ServerInfo(info.encoded(as: encoding), as: encoding) == info)
  }

  @Test func `the messages have their recorded bytes`() throws {
    try GoldenFile(name: "enrolment").expect([
      "request.binary": Hex.encode(Self.request.encoded(as: .binary)),
      "request.json": String(decoding: Self.request.encoded(as: .json), as: UTF8.self),
      "response.binary": Hex.encode(Self.response.encoded(as: .binary)),
      "response.json": String(decoding: Self.response.encoded(as: .json), as: UTF8.self),
      "server.binary": Hex.encode(Self.info.encoded(as: .binary)),
      "server.json": String(decoding: Self.info.encoded(as: .json), as: UTF8.self),
      "problem.json": String(decoding: Self.problem.encoded(as: .json), as: UTF8.self),
    ])
  }

  @Test func `media types name encodings`() {
    #expect(WireEncoding(mediaType: "application/json; charset=utf-8") == .json)
    #expect(WireEncoding(mediaType: " Application/X-Protobuf ") == .binary)
    #expect(WireEncoding(mediaType: "text/plain") == nil)
    #expect(WireEncoding(mediaType: "") == nil)
  }

  @Test func `a request without its tenant or envelope is malformed`() {
    #expect(throws: WireError(.malformed, "")) { try EnrolRequest([], as: .binary) }
    #expect(throws: WireError(.malformed, "")) { try EnrolRequest(Array("{}".utf8), as: .json) }
  }
}
