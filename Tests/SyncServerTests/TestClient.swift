// The client's end of a connection: frames out, frames in, and the handshake.
import ReviewModel
import SyncProtocol
import Transport
import Trust

@testable import SyncServer

final class TestClient {
  let pipe: InMemoryPipe
  let server: InMemoryPipe
  private let serving: Task<Void, Never>
  private let identity: ServerIdentity
  private var iterator: IncomingFrames.Iterator
  private let encoding: WireEncoding

  init(pipe: InMemoryPipe, server: InMemoryPipe, serving: Task<Void, Never>, identity: ServerIdentity) {
    self.pipe = pipe
    self.server = server
    self.serving = serving
    self.identity = identity
    iterator = pipe.incoming.makeAsyncIterator()
    encoding = pipe.encoding == .json ? .json : .binary
  }

  func send(_ frame: ClientFrame) async throws {
    try await pipe.send(try FrameCodec.encode(frame, as: encoding))
  }

  func push(_ envelopes: [PushedEnvelope]) async throws { try await send(.push(Push(envelopes: envelopes))) }

  /// The next frame; nil when the server has closed.
  func next() async throws -> ServerFrame? {
    do {
      guard let bytes = try await iterator.next() else { return nil }
      return try FrameCodec.decodeServerFrame(bytes, as: encoding)
    } catch is PipeError {
      return nil
    }
  }

  /// Passes over frames up to the one that is looked for.
  func until<Answer>(_ what: String, _ pick: (ServerFrame) -> Answer?) async throws -> Answer {
    while let frame = try await next() {
      if let found = pick(frame) { return found }
      if case .goodbye(let goodbye) = frame { throw BenchError("goodbye \(goodbye.code) instead of \(what)") }
    }
    throw BenchError("closed instead of \(what)")
  }

  /// The Goodbye that ends the session, with the close code.
  func goodbye() async throws -> (Goodbye, code: UInt16?) {
    var last: Goodbye?
    while let frame = try await next() {
      if case .goodbye(let goodbye) = frame { last = goodbye }
    }
    guard let last else { throw BenchError("no goodbye") }
    return (last, pipe.closure?.code)
  }

  func outcomes() async throws -> Outcomes {
    try await until("outcomes") { if case .outcomes(let frame) = $0 { frame } else { nil } }
  }

  func checkpoint() async throws -> CheckpointFrame {
    try await until("a checkpoint") { if case .checkpoint(let frame) = $0 { frame } else { nil } }
  }

  func changes(of scope: Scope) async throws -> Changes {
    try await until("changes") { frame in
      if case .changes(let changes) = frame, changes.scope == scope, !changes.entries.isEmpty { changes } else { nil }
    }
  }

  func hello(_ device: TestDevice, seen: SeenCheckpoint = SeenCheckpoint()) -> Hello {
    Hello(
      minimumVersion: 1, maximumVersion: 1, tenant: device.tenant, device: device.id, nonce: SHA256.hash([1]),
      seen: seen, clockMilliseconds: 1, agent: "test")
  }

  /// Sends Hello, checks the challenge and proves the device.
  func prove(
    _ device: TestDevice, seen: SeenCheckpoint = SeenCheckpoint(), showing note: [UInt8] = []
  ) async throws {
    let hello = hello(device, seen: seen)
    try await send(.hello(hello))
    let challenge = try await until("a challenge") { if case .challenge(let frame) = $0 { frame } else { nil } }
    var transcript = SessionTranscript()
    transcript.clientNonce = hello.nonce
    transcript.serverNonce = challenge.nonce
    transcript.minimumVersion = 1
    transcript.maximumVersion = 1
    transcript.chosenVersion = challenge.chosenVersion
    transcript.tenant = hello.tenant
    transcript.device = hello.device
    transcript.serverKey = identity.signingKey.publicKey
    guard challenge.serverKey.isValid(challenge.signature, over: transcript.encoded(), as: .serverChallenge) else {
      throw BenchError("the server's signature does not hold")
    }
    let signature = device.key.sign(transcript.encoded(), as: .sessionProof)
    try await send(.prove(Prove(signature: signature, seenNote: note)))
  }

  func open(_ device: TestDevice) async throws -> Welcome {
    try await prove(device)
    return try await until("a welcome") { if case .welcome(let frame) = $0 { frame } else { nil } }
  }

  /// Subscribes live to the scopes and waits until it is caught up.
  func follow(_ scopes: [Scope]) async throws {
    try await send(.subscribe(Subscribe(cursors: scopes.map { ScopeCursor(scope: $0, cursor: 0) }, isLive: true)))
    _ = try await checkpoint()
  }

  func close() async {
    await pipe.close(code: 1000, reason: "")
    await serving.value
  }

  /// Waits until the server has let go of the connection.
  func ended() async { await serving.value }
}
