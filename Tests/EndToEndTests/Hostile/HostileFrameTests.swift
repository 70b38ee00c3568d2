// Frames that are none, that are too large, or that come when they should not.
import ProcessHarness
import ReviewModel
import SyncProtocol
import Testing
import Transport
import Trust

@Suite(.serialized, .timeLimit(.minutes(5)), .underAttack) struct HostileClientTests {}

extension HostileClientTests {
  @Test func `a truncated frame ends the session as malformed`() async throws {
    let ground = try HostileGround.current()
    var device = try await HostileDevice.enrolled(on: ground)
    let session = try await HostileSession.opened(on: ground, as: device)
    try await ground.undisturbed {
      let whole = try FrameCodec.encode(.push(Push(envelopes: [device.campaign()])), as: .binary)
      try await session.channel.send(Array(whole.dropLast(7)))
      try await session.expectEnd(.malformedFrame, 4002)
    }
  }

  @Test func `an oversized message is refused at its size`() async throws {
    let ground = try HostileGround.current()
    let device = try await HostileDevice.enrolled(on: ground)
    let session = try await HostileSession.opened(on: ground, as: device)
    try await ground.undisturbed {
      try await session.channel.send([UInt8](repeating: 0x4a, count: WireLimits.frameBytes + 1))
      #expect(try await session.channel.next() == nil)
      #expect(session.channel.closeCode == 1009)
    }
  }

  @Test func `a list over its limit ends the session as too large`() async throws {
    let ground = try HostileGround.current()
    let device = try await HostileDevice.enrolled(on: ground)
    try await ground.undisturbed {
      let keys = [EntityKey](repeating: .subject(HostileDevice.identifier()), count: WireLimits.keysAFetch + 1)
      let fetching = try await HostileSession.opened(on: ground, as: device)
      try await fetching.send(.fetch(Fetch(request: 1, keys: keys, wantsWaiting: false)))
      try await fetching.expectEnd(.tooLarge, 4004)
      let cursors = (0...WireLimits.scopesASession).map { _ in
        ScopeCursor(scope: .campaign(HostileDevice.identifier()), cursor: 0)
      }
      let subscribing = try await HostileSession.opened(on: ground, as: device)
      try await subscribing.send(.subscribe(Subscribe(cursors: cursors, isLive: true)))
      try await subscribing.expectEnd(.tooLarge, 4004)
    }
  }

  @Test(arguments: [
    [0xff], [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f], [0x0b, 0x0b, 0x0b], [UInt8](repeating: 0x80, count: 40),
    [UInt8](repeating: 0x0a, count: 4_000),
  ])
  func `garbage bytes end the session as malformed`(garbage: [UInt8]) async throws {
    let ground = try HostileGround.current()
    let session = try await HostileSession.connected(to: ground)
    try await ground.undisturbed {
      try await session.channel.send(garbage)
      try await session.expectEnd(.malformedFrame, 4002)
    }
  }

  @Test func `a frame of an unknown kind is unexpected`() async throws {
    let ground = try HostileGround.current()
    let session = try await HostileSession.connected(to: ground)
    try await ground.undisturbed {
      // Field 500, which no version knows.
      try await session.channel.send([0xa2, 0x1f, 0x01, 0x00])
      try await session.expectEnd(.unexpectedFrame, 4003)
    }
  }

  @Test func `frames before the handshake are unexpected, whatever they ask`() async throws {
    let ground = try HostileGround.current()
    var device = try await HostileDevice.enrolled(on: ground)
    let early: [ClientFrame] = [
      .push(Push(envelopes: [device.campaign()])), .subscribe(Subscribe(cursors: [], isLive: true)), .heartbeat(Heartbeat()),
      .fetch(Fetch(request: 1, keys: [], wantsWaiting: true)), .proofs(ProofRequest(request: 1, size: 1, indexes: [0])),
      .repair(Repair(scope: .tenant, cursor: 0, leaves: [Digest](repeating: .zero, count: 256))),
      .prove(Prove(signature: device.key.sign([1], as: .sessionProof))),
    ]
    try await ground.undisturbed {
      for frame in early {
        let atFirst = try await HostileSession.connected(to: ground)
        try await atFirst.send(frame)
        try await atFirst.expectEnd(.unexpectedFrame, 4003)
        guard case .prove = frame else {
          let afterHello = try await HostileSession.connected(to: ground)
          _ = try await afterHello.hello(device)
          try await afterHello.send(frame)
          try await afterHello.expectEnd(.unexpectedFrame, 4003)
          continue
        }
      }
    }
  }

  @Test func `a second hello in an open session is unexpected`() async throws {
    let ground = try HostileGround.current()
    let device = try await HostileDevice.enrolled(on: ground)
    let session = try await HostileSession.opened(on: ground, as: device)
    try await ground.undisturbed {
      _ = try await session.hello(device)
      try await session.expectEnd(.unexpectedFrame, 4003)
    }
  }

  @Test func `a session proof by another key is unauthorized, and strangers are told the same`() async throws {
    let ground = try HostileGround.current()
    let device = try await HostileDevice.enrolled(on: ground)
    try await ground.undisturbed {
      let forged = try await HostileSession.connected(to: ground)
      try await forged.prove(device, forger: .generate())
      let first = try await forged.expectEnd(.unauthorized, 4005)
      let unknownDevice = try await HostileSession.connected(to: ground)
      try await unknownDevice.prove(device) { $0.device = SHA256.hash([1]) }
      #expect(try await unknownDevice.expectEnd(.unauthorized, 4005) == first)
      let unknownTenant = try await HostileSession.connected(to: ground)
      try await unknownTenant.prove(device) { $0.tenant = HostileDevice.identifier() }
      #expect(try await unknownTenant.expectEnd(.unauthorized, 4005) == first)
    }
  }

  @Test func `versions that do not meet are refused`() async throws {
    let ground = try HostileGround.current()
    let device = try await HostileDevice.enrolled(on: ground)
    let session = try await HostileSession.connected(to: ground)
    try await ground.undisturbed {
      _ = try await session.hello(device) { ($0.minimumVersion, $0.maximumVersion) = (2, .max) }
      try await session.expectEnd(.versionUnsupported, 4006)
    }
  }

  @Test(arguments: [
    (#"{"goodbye":"#, GoodbyeCode.malformedFrame, 4002), ("[]", .malformedFrame, 4002), ("nonsense", .malformedFrame, 4002),
    (#"{"hello":{"minimumVersion":"one"}}"#, .malformedFrame, 4002), (#"{"hello":7}"#, .malformedFrame, 4002),
    (#"{"push":{"envelopes":[{"envelope":"?"}]}}"#, .malformedFrame, 4002), ("{}", .unexpectedFrame, 4003),
    (#"{"tomorrow":{}}"#, .unexpectedFrame, 4003),
    (#"{"x":"# + String(repeating: "[", count: 50_000), .malformedFrame, 4002),
  ])
  func `garbage in JSON ends the session with its code`(text: String, code: GoodbyeCode, closeCode: UInt16) async throws {
    let ground = try HostileGround.current()
    let session = try await HostileSession.connected(to: ground, encoding: .json)
    try await ground.undisturbed {
      try await session.channel.send(Array(text.utf8))
      try await session.expectEnd(code, closeCode)
    }
  }

  @Test func `text that is no UTF-8 is refused by WebSocket's own code`() async throws {
    let ground = try HostileGround.current()
    let session = try await HostileSession.connected(to: ground, encoding: .json)
    try await ground.undisturbed {
      try await session.channel.send([0x7b, 0xff, 0xfe, 0x7d])
      #expect(try await session.channel.next() == nil)
      #expect(session.channel.closeCode == 1007)
    }
  }
}
