// A session of a client that knows the protocol well enough to break it at any point.
import ProcessHarness
import ReviewModel
import SyncProtocol
import Testing
import Transport
import Trust

final class HostileSession {
  let channel: any HostileChannel
  private let encoding: WireEncoding

  init(_ channel: any HostileChannel) {
    self.channel = channel
    encoding = channel.encoding == .json ? .json : .binary
  }

  /// Connected, and nothing said yet.
  static func connected(to ground: HostileGround, encoding: FrameEncoding = .binary) async throws -> HostileSession {
    HostileSession(try await PipeChannel(url: ground.practice.url, encoding: encoding))
  }

  /// After the handshake.
  static func opened(
    on ground: HostileGround, as device: HostileDevice, encoding: FrameEncoding = .binary
  ) async throws -> HostileSession {
    let session = try await connected(to: ground, encoding: encoding)
    _ = try await session.open(as: device)
    return session
  }

  // MARK: Frames

  func send(_ frame: ClientFrame) async throws { try await channel.send(try FrameCodec.encode(frame, as: encoding)) }

  func push(_ envelopes: PushedEnvelope...) async throws { try await send(.push(Push(envelopes: envelopes))) }

  /// Sends one message after the other without waiting, as long as the server takes them.
  func flood(_ messages: [[UInt8]]) async throws {
    do {
      for message in messages { try await channel.send(message) }
    } catch is PipeError {
      // The server has closed; what it said is still to be read.
    }
  }

  func next() async throws -> ServerFrame? {
    guard let bytes = try await channel.next() else { return nil }
    return try FrameCodec.decodeServerFrame(bytes, as: encoding)
  }

  /// Passes over frames up to the one that is looked for.
  func until<Answer>(_ what: String, _ pick: (ServerFrame) -> Answer?) async throws -> Answer {
    while let frame = try await next() {
      if let found = pick(frame) { return found }
      if case .goodbye(let goodbye) = frame { throw HarnessError("\(goodbye.code) (\(goodbye.detail)) instead of \(what)") }
    }
    throw HarnessError("closed (\(channel.closeCode ?? 0)) instead of \(what)")
  }

  func outcomes() async throws -> Outcomes {
    try await until("outcomes") { if case .outcomes(let frame) = $0 { frame } else { nil } }
  }

  /// The one outcome of the next answer.
  func outcome() async throws -> Outcome {
    let answers = try await outcomes().answers
    #expect(answers.count == 1)
    return try LeafRecord(canonical: try #require(answers.first).leafRecord).outcome
  }

  // MARK: The handshake

  func hello(_ device: HostileDevice, change: (inout Hello) -> Void = { _ in }) async throws -> Hello {
    var hello = Hello(
      minimumVersion: 1, maximumVersion: 1, tenant: device.code.tenant, device: device.id,
      nonce: SHA256.hash(RandomBytes.make(count: 32)), seen: SeenCheckpoint(), clockMilliseconds: 1, agent: "test")
    change(&hello)
    try await send(.hello(hello))
    return hello
  }

  /// Hello, the challenge, and a proof; by another key if there is a forger.
  func prove(
    _ device: HostileDevice, forger: SigningKey? = nil, change: (inout Hello) -> Void = { _ in }
  ) async throws {
    let hello = try await hello(device, change: change)
    let challenge = try await until("a challenge") { if case .challenge(let frame) = $0 { frame } else { nil } }
    var transcript = SessionTranscript()
    transcript.clientNonce = hello.nonce
    transcript.serverNonce = challenge.nonce
    transcript.minimumVersion = hello.minimumVersion
    transcript.maximumVersion = hello.maximumVersion
    transcript.chosenVersion = challenge.chosenVersion
    transcript.tenant = hello.tenant
    transcript.device = hello.device
    transcript.serverKey = device.code.serverKey
    transcript.tlsCertificateDigest = channel.certificateDigest.flatMap { Digest($0) }
    #expect(device.code.serverKey.isValid(challenge.signature, over: transcript.encoded(), as: .serverChallenge))
    try await send(.prove(Prove(signature: (forger ?? device.key).sign(transcript.encoded(), as: .sessionProof))))
  }

  func open(as device: HostileDevice, change: (inout Hello) -> Void = { _ in }) async throws -> Welcome {
    try await prove(device, change: change)
    return try await until("a welcome") { if case .welcome(let frame) = $0 { frame } else { nil } }
  }

  // MARK: The end

  /// Reads up to the end and expects this goodbye as the last frame, and its close code.
  @discardableResult
  func expectEnd(
    _ code: GoodbyeCode, _ closeCode: UInt16, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> Goodbye {
    var last: ServerFrame?
    while let frame = try await next() { last = frame }
    guard case .goodbye(let goodbye) = last else {
      throw HarnessError("no goodbye before the close (\(channel.closeCode ?? 0))")
    }
    #expect(goodbye.code == code, "\(goodbye.detail)", sourceLocation: sourceLocation)
    #expect(channel.closeCode == closeCode, sourceLocation: sourceLocation)
    return goodbye
  }

  /// Takes its leave as it should.
  func leave(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await send(.goodbye(Goodbye(code: .ordinary)))
    while try await channel.next() != nil {}
    #expect(channel.closeCode == 1000, sourceLocation: sourceLocation)
  }
}
