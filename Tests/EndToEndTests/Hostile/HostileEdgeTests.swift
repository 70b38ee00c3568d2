// The HTTP half of the port: enrolment by those who were not invited, and requests that are none.
import OutboundHTTP
import ProcessHarness
import ReviewModel
import SyncProtocol
import Testing
import Trust

@Suite(.serialized, .timeLimit(.minutes(5)), .underAttack) struct HostileEdgeTests {
  /// What was answered must be this status with this problem, in the encoding asked for.
  @discardableResult
  private static func expect(
    _ answer: HTTPClientResponse, _ status: Int, _ code: String, as encoding: WireEncoding = .binary,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Problem {
    #expect(answer.status == status, sourceLocation: sourceLocation)
    #expect(answer.headers["content-type"] == encoding.mediaType, sourceLocation: sourceLocation)
    let problem = try Problem(answer.body, as: encoding)
    #expect(problem.code == code, sourceLocation: sourceLocation)
    #expect(!problem.sentence.isEmpty, sourceLocation: sourceLocation)
    return problem
  }

  private static func enrol(
    _ request: EnrolRequest, on ground: HostileGround
  ) async throws -> HTTPClientResponse {
    try await ground.http(
      "POST", "/v1/enrol", contentType: WireEncoding.binary.mediaType, body: try request.encoded(as: .binary))
  }

  @Test(arguments: [WireLimits.frameBytes + 1, WireLimits.jsonFrameBytes + 1, 300_000, 4_000_000])
  func `a body over the limit is too large`(count: Int) async throws {
    let ground = try HostileGround.current()
    try await ground.undisturbed {
      let body = [UInt8](repeating: 0x0a, count: count)
      let answer = try await ground.http("POST", "/v1/enrol", contentType: WireEncoding.binary.mediaType, body: body)
      let problem = try Self.expect(answer, 413, "too_large")
      // What is longer than any frame is refused by its length, before it is kept.
      #expect(problem.sentence.contains("in JSON") == (count > WireLimits.jsonFrameBytes), "\(problem.sentence)")
    }
  }

  @Test func `a body that is no request is malformed, in the encoding that was asked in`() async throws {
    let ground = try HostileGround.current()
    try await ground.undisturbed {
      for text in ["", "{", #"{"tenant":3}"#, "[]", #"{"envelope":{"envelope":"?"}}"#, "{}"] {
        let body = Array(text.utf8)
        let json = try await ground.http("POST", "/v1/enrol", contentType: "application/json; charset=utf-8", body: body)
        try Self.expect(json, 400, "malformed", as: .json)
        for type in ["text/plain", "application/octet-stream", "x", nil] {
          try Self.expect(try await ground.http("POST", "/v1/enrol", contentType: type, body: body), 400, "malformed")
        }
      }
    }
  }

  @Test func `a code that was used admits nobody else`() async throws {
    let ground = try HostileGround.current()
    let first = try await HostileDevice.enrolled(on: ground)
    try await ground.undisturbed {
      var second = try HostileDevice(code: first.code.text)
      try Self.expect(try await Self.enrol(try second.enrolment(), on: ground), 403, "invitation_used")
      let session = try await HostileSession.connected(to: ground)
      try await session.prove(second)
      try await session.expectEnd(.unauthorized, 4005)
    }
  }

  @Test func `a forged invitation admits nobody and uses nothing up`() async throws {
    let ground = try HostileGround.current()
    let code = try await ground.practice.invite("Mallory", role: "admin")
    try await ground.undisturbed {
      var forger = try HostileDevice(code: code)
      let forged = try forger.enrolment(vouchedBy: .generate())
      try Self.expect(try await Self.enrol(forged, on: ground), 403, "invitation_invalid")
      var unknown = try #require(InvitationCode(text: code))
      unknown.seed = RandomBytes.make(count: 32)
      var stranger = try HostileDevice(code: unknown.text)
      try Self.expect(try await Self.enrol(try stranger.enrolment(), on: ground), 403, "invitation_invalid")
      var invited = try HostileDevice(code: code)
      #expect(try await Self.enrol(try invited.enrolment(), on: ground).status == 200)
    }
  }

  @Test func `an enrolment that was tampered with is malformed, and an unknown tenant is not here`() async throws {
    let ground = try HostileGround.current()
    let code = try await ground.practice.invite("Mallory", role: "editor")
    try await ground.undisturbed {
      var device = try HostileDevice(code: code)
      let request = try device.enrolment()
      var unsigned = request
      unsigned.envelope.envelope = SignedEnvelope(
        bytes: request.envelope.envelope.bytes, signature: SigningKey.generate().sign([1], as: .mutation))
      try Self.expect(try await Self.enrol(unsigned, on: ground), 400, "malformed")
      var other = request
      other.envelope = device.campaign()
      try Self.expect(try await Self.enrol(other, on: ground), 400, "malformed")
      var elsewhere = request
      elsewhere.tenant = HostileDevice.identifier()
      try Self.expect(try await Self.enrol(elsewhere, on: ground), 404, "unknown_tenant")
    }
  }

  @Test(arguments: [
    ("GET", "/v1/enrol", 405, "method_not_allowed"), ("POST", "/metrics", 405, "method_not_allowed"),
    ("DELETE", "/v1/server", 405, "method_not_allowed"), ("GET", "/", 404, "not_found"),
    ("GET", "/v1/enrol/..%2f..%2fetc/passwd", 404, "not_found"), ("GET", "/../../etc/passwd", 404, "not_found"),
  ])
  func `an address or method that is not there says so as a problem`(
    method: String, path: String, status: Int, code: String
  ) async throws {
    let ground = try HostileGround.current()
    try await ground.undisturbed {
      for encoding in [WireEncoding.json, .binary] {
        let answer = try await ground.http(
          method, path, contentType: encoding.mediaType, body: method == "POST" ? [1] : nil)
        try Self.expect(answer, status, code, as: encoding)
      }
    }
  }

  @Test func `too many enrolments from one address are told to wait, and nothing else is`() async throws {
    // Its own server: this address can enrol nothing for a while.
    let ground = try await HostileGround()
    try await ground.undisturbed {
      var limited: HTTPClientResponse?
      for _ in 0..<200 where limited == nil {
        let answer = try await ground.http("POST", "/v1/enrol", contentType: WireEncoding.json.mediaType, body: [0x7b])
        if answer.status != 400 { limited = answer }
      }
      let problem = try Self.expect(try #require(limited), 429, "rate_limited", as: .json)
      #expect(problem.retryAfterMilliseconds > 0)
      #expect(try await ground.http("GET", "/healthz").status == 200)
      #expect(try await ground.http("GET", "/v1/server").status == 200)
    }
    try await ground.check()
  }
}
