// Envelopes that were sent before, out of order, changed or signed by somebody else.
import ProcessHarness
import ReviewModel
import SyncProtocol
import Testing
import Trust

extension HostileClientTests {
  @Test func `a replayed envelope gets the stored answer, byte for byte`() async throws {
    let ground = try HostileGround.current()
    var device = try await HostileDevice.enrolled(on: ground)
    let session = try await HostileSession.opened(on: ground, as: device)
    try await ground.undisturbed {
      let push = try FrameCodec.encode(.push(Push(envelopes: [device.campaign()])), as: .binary)
      var answers: [[UInt8]] = []
      for _ in 0..<3 {
        try await session.channel.send(push)
        answers.append(try FrameCodec.outcomesBytes(try await session.outcomes()))
      }
      #expect(Set(answers).count == 1)
      try await session.leave()
      let again = try await HostileSession.connected(to: ground)
      #expect(try await again.open(as: device).lanes.map(\.lastNumber) == [2])
      try await again.channel.send(push)
      #expect(try FrameCodec.outcomesBytes(try await again.outcomes()) == answers.first)
      try await again.leave()
    }
  }

  @Test func `an envelope before its turn ends the session, and nothing was consumed`() async throws {
    let ground = try HostileGround.current()
    var device = try await HostileDevice.enrolled(on: ground)
    let session = try await HostileSession.opened(on: ground, as: device)
    try await ground.undisturbed {
      let (first, second) = (device.campaign(), device.campaign())
      try await session.push(second)
      try await session.expectEnd(.numberGap, 4017)
      let swapped = try await HostileSession.opened(on: ground, as: device)
      try await swapped.push(second, first)
      try await swapped.expectEnd(.malformedFrame, 4002)
      let ordered = try await HostileSession.connected(to: ground)
      #expect(try await ordered.open(as: device).lanes.map(\.lastNumber) == [1])
      try await ordered.push(first, second)
      #expect(try await ordered.outcomes().answers.map(\.number) == [2, 3])
      try await ordered.leave()
    }
  }

  @Test func `an envelope signed by another key ends the session, and consumes nothing`() async throws {
    let ground = try HostileGround.current()
    let honest = try await HostileDevice.enrolled(on: ground)
    let session = try await HostileSession.opened(on: ground, as: honest)
    try await ground.undisturbed {
      var device = honest
      try await session.push(device.campaign(forger: .generate()))
      try await session.expectEnd(.badSignature, 4008)
      device = honest
      let signed = device.campaign()
      var bytes = signed.envelope.bytes
      bytes[3] ^= 1
      let flipped = SignedEnvelope(bytes: bytes, signature: signed.envelope.signature)
      let second = try await HostileSession.opened(on: ground, as: device)
      try await second.push(PushedEnvelope(envelope: flipped, parts: signed.parts))
      try await second.expectEnd(.badSignature, 4008)
      let third = try await HostileSession.connected(to: ground)
      #expect(try await third.open(as: device).lanes.map(\.lastNumber) == [1])
      try await third.push(signed)
      #expect(try await third.outcome().status == .applied)
      try await third.leave()
    }
  }

  @Test func `an envelope of another tenant or device is unauthorized`() async throws {
    let ground = try HostileGround.current()
    let device = try await HostileDevice.enrolled(on: ground)
    let other = try await HostileDevice.enrolled(on: ground)
    let changes: [(inout Envelope) -> Void] = [
      { $0.tenant = HostileDevice.identifier() }, { $0.device = other.id }, { $0.device = SHA256.hash([1]) },
    ]
    try await ground.undisturbed {
      for change in changes {
        var spoiling = device
        let session = try await HostileSession.opened(on: ground, as: device)
        try await session.push(spoiling.campaign(change: change))
        try await session.expectEnd(.unauthorized, 4005)
      }
    }
  }

  @Test func `a changed part is not taken for the one that was signed`() async throws {
    let ground = try HostileGround.current()
    var device = try await HostileDevice.enrolled(on: ground)
    let session = try await HostileSession.opened(on: ground, as: device)
    try await ground.undisturbed {
      var changed = device.campaign()
      changed.parts[0][Part.saltByteCount + 1] ^= 1
      try await session.push(changed)
      let outcome = try await session.outcome()
      #expect(outcome.status == .rejected)
      #expect(outcome.code == .partMissing)
      try await session.leave()
    }
  }

  @Test func `a known number with other bytes, or another past, is a fork`() async throws {
    let ground = try HostileGround.current()
    var device = try await HostileDevice.enrolled(on: ground)
    var copy = device
    let session = try await HostileSession.opened(on: ground, as: device)
    try await ground.undisturbed {
      try await session.push(device.campaign())
      #expect(try await session.outcome().status == .applied)
      try await session.push(copy.campaign())
      try await session.expectEnd(.forked, 4009)
      let other = try await HostileSession.opened(on: ground, as: device)
      try await other.push(device.campaign { $0.previousHash = SHA256.hash([1]) })
      try await other.expectEnd(.forked, 4009)
    }
  }

  @Test func `an envelope that is not canonical is malformed`() async throws {
    let ground = try HostileGround.current()
    var device = try await HostileDevice.enrolled(on: ground)
    let session = try await HostileSession.opened(on: ground, as: device)
    try await ground.undisturbed {
      let signed = device.campaign()
      // An unknown field at the end, signed as it stands.
      let bytes = signed.envelope.bytes + [0xa0, 0x1f, 0x01]
      let padded = SignedEnvelope(bytes: bytes, signature: device.key.sign(bytes, as: .mutation))
      try await session.push(PushedEnvelope(envelope: padded, parts: signed.parts))
      try await session.expectEnd(.malformedFrame, 4002)
    }
  }

  @Test func `numbers at the end of their range are answered, never computed with`() async throws {
    let ground = try HostileGround.current()
    let device = try await HostileDevice.enrolled(on: ground)
    try await ground.undisturbed {
      var spoiling = device
      let last = try await HostileSession.opened(on: ground, as: device)
      try await last.push(spoiling.campaign { $0.number = .max })
      try await last.expectEnd(.numberGap, 4017)
      let cursor = try await HostileSession.opened(on: ground, as: device)
      let cursors = [ScopeCursor(scope: .tenant, cursor: .max)]
      try await cursor.send(.subscribe(Subscribe(cursors: cursors, isLive: true)))
      try await cursor.expectEnd(.rolledBack, 4018)
      let ahead = try await HostileSession.connected(to: ground)
      try await ahead.prove(device) { $0.seen = SeenCheckpoint(origin: device.origin, size: .max, root: .zero) }
      try await ahead.expectEnd(.rolledBack, 4018)
      let proofs = try await HostileSession.opened(on: ground, as: device)
      try await proofs.send(.proofs(ProofRequest(request: 1, size: .max, indexes: [.max, 1 << 63])))
      let answer = try await proofs.until("proofs") { if case .proofs(let frame) = $0 { frame } else { nil } }
      #expect(answer.refused == [.max, 1 << 63])
      try await proofs.leave()
    }
  }

  @Test func `pushes beyond the window end the session as too large`() async throws {
    let ground = try HostileGround.current()
    var device = try await HostileDevice.enrolled(on: ground)
    let session = try await HostileSession.opened(on: ground, as: device)
    try await ground.undisturbed {
      let pushes = (0..<6).map { _ in Push(envelopes: (0..<96).map { _ in device.campaign() }) }
      try await session.flood(try pushes.map { try FrameCodec.encode(.push($0), as: .binary) })
      try await session.expectEnd(.tooLarge, 4004)
    }
  }

  @Test func `requests beyond the queue end the session with a time to wait`() async throws {
    let ground = try HostileGround.current()
    let device = try await HostileDevice.enrolled(on: ground)
    let session = try await HostileSession.opened(on: ground, as: device)
    try await ground.undisturbed {
      let keys = (0..<WireLimits.keysAFetch).map { _ in EntityKey.subject(HostileDevice.identifier()) }
      let frame = try FrameCodec.encode(.fetch(Fetch(request: 1, keys: keys, wantsWaiting: false)), as: .binary)
      try await session.flood([[UInt8]](repeating: frame, count: 60))
      #expect(try await session.expectEnd(.rateLimited, 4011).retryAfterMilliseconds > 0)
    }
  }
}

extension FrameCodec {
  /// Every byte of an answer that counts.
  fileprivate static func outcomesBytes(_ frame: Outcomes) throws -> [UInt8] {
    try encode(ServerFrame.outcomes(frame), as: .binary)
  }
}
