// Hello to Welcome, and every way in which it ends before.
import ReviewModel
import SyncProtocol
import Testing
import Trust

@testable import SyncEngine

@Suite struct SessionHandshakeTests {
  @Test func `of more scopes than a frame names, campaigns are left out first`() throws {
    let campaigns = try (0..<300).map { index -> Set<Scope> in
      let id: CampaignID = try identifier(UInt8(index % 256), UInt8(index / 256))
      return [.campaign(id), .campaignInternal(id)]
    }
    let member = Scope.member(try identifier(1))
    let granted = campaigns.reduce(into: Set([Scope.tenant, member])) { $0.formUnion($1) }
    let named = ServerSession.named(granted)
    #expect(named.count == WireLimits.scopesASession && named == named.sorted())
    #expect(named.contains(.tenant) && named.contains(member))
    #expect(ServerSession.named([.tenant, member]) == [member, .tenant])
  }

  @Test func `both sides sign one transcript, and the session opens`() throws {
    let bench = try LedgerBench()
    let session = SessionBench(bench)
    let hello = session.hello(bench.reviewer)
    try session.receive(.hello(hello))
    guard case .challenge(let challenge) = session.take().first else { throw BenchError() }
    let transcript = session.transcript(hello)
    #expect(challenge.serverKey.isValid(challenge.signature, over: transcript.encoded(), as: .serverChallenge))
    try session.receive(.prove(Prove(signature: bench.reviewer.key.sign(transcript.encoded(), as: .sessionProof))))
    guard case .welcome(let welcome) = session.take().first else { throw BenchError() }
    #expect(welcome.member == bench.reviewer.member)
    #expect(welcome.scopes.map(\.scope) == [.member(bench.reviewer.member), .tenant])
    #expect(welcome.lanes.map(\.lastNumber) == [1])
    let checkpoint = try Checkpoint.open(welcome.checkpointNote, name: "bench", key: challenge.serverKey)
    #expect(checkpoint.size == 5 && checkpoint.origin == bench.identity.origin)
  }

  @Test func `an unknown tenant, an unknown device and a wrong signature look the same`() throws {
    let bench = try LedgerBench()
    let stranger = try BenchDevice(seed: 99, member: .zero, tenant: bench.tenant)
    let elsewhere: TenantID = try identifier(44)
    var conversations: [[String]] = []
    for (device, tenant, signer) in [
      (bench.reviewer, elsewhere, bench.reviewer.key), (stranger, bench.tenant, stranger.key),
      (bench.reviewer, bench.tenant, stranger.key),
    ] {
      let session = SessionBench(bench)
      let hello = session.hello(device, tenant: tenant)
      try session.receive(.hello(hello))
      try session.receive(.prove(Prove(signature: signer.sign(session.transcript(hello).encoded(), as: .sessionProof))))
      conversations.append(
        session.take().map { frame in
          switch frame {
          case .challenge: "challenge"
          case .goodbye(let goodbye): "\(goodbye.code) \(goodbye.detail)"
          default: "another frame"
          }
        })
      #expect(session.closeCode == 4005)
    }
    #expect(Set(conversations).count == 1)
    #expect(conversations[0].count == 2 && conversations[0][1].hasPrefix("unauthorized"))
  }

  @Test func `a revoked device is told so only once it has proved itself`() throws {
    var bench = try LedgerBench()
    var revoke = RevokeDevice()
    revoke.device = bench.reviewer.id
    try bench.expectApplied(try bench.commit([bench.admin.verified(bench.admin.sign(.revokeDevice(revoke)))])[0])
    let session = SessionBench(bench)
    let hello = session.hello(bench.reviewer)
    try session.receive(.hello(hello))
    #expect(session.goodbye == nil)
    try session.receive(
      .prove(Prove(signature: bench.reviewer.key.sign(session.transcript(hello).encoded(), as: .sessionProof))))
    #expect(session.goodbye?.code == .deviceRevoked)
  }

  @Test(arguments: [(UInt32(2), UInt32(9)), (0, 0)])
  func `versions that do not meet end the session`(minimum: UInt32, maximum: UInt32) throws {
    let bench = try LedgerBench()
    let session = SessionBench(bench)
    try session.receive(.hello(session.hello(bench.reviewer, minimum: minimum, maximum: maximum)))
    #expect(session.goodbye?.code == .versionUnsupported && session.closeCode == 4006)
  }

  @Test func `a frame before its time ends the session`() throws {
    let bench = try LedgerBench()
    let early = SessionBench(bench)
    try early.receive(.push(Push(envelopes: [])))
    #expect(early.goodbye?.code == .unexpectedFrame)
    let twice = SessionBench(bench)
    _ = try twice.open(bench.reviewer)
    try twice.receive(.hello(twice.hello(bench.reviewer)))
    #expect(twice.goodbye?.code == .unexpectedFrame && twice.closeCode == 4003)
  }

  @Test func `bytes that are no frame end the session`() throws {
    let bench = try LedgerBench()
    let session = SessionBench(bench)
    try session.post(.frameRefused(.malformedFrame, detail: "no frame"))
    #expect(session.goodbye?.code == .malformedFrame && session.closeCode == 4002)
  }

  @Test func `a device that has seen a longer ledger is told that the server was rolled back`() throws {
    var bench = try LedgerBench()
    bench.reviewer.checkpoint = SeenCheckpoint(origin: bench.identity.origin, size: 900, root: .zero)
    let session = SessionBench(bench)
    #expect(throws: BenchError.self) { try session.open(bench.reviewer) }
    #expect(session.closeCode == 4018)
  }

  @Test func `a handshake has a deadline, and silence ends a session`() throws {
    let bench = try LedgerBench()
    let slow = SessionBench(bench)
    try slow.post(.ticked, after: 9_000)
    #expect(slow.goodbye == nil)
    try slow.post(.ticked, after: 2_000)
    #expect(slow.goodbye?.code == .idle)
    let silent = SessionBench(bench)
    _ = try silent.open(bench.reviewer)
    try silent.post(.ticked, after: 31_000)
    guard case .heartbeat(let heartbeat) = silent.take().first else { throw BenchError() }
    #expect(heartbeat.heads.map(\.scope) == [.member(bench.reviewer.member), .tenant])
    try silent.receive(.heartbeat(Heartbeat()))
    try silent.post(.ticked, after: 60_000)
    #expect(silent.goodbye == nil)
    try silent.post(.ticked, after: 31_000)
    #expect(silent.goodbye?.code == .idle)
  }

  @Test func `a newer session, a stop and a broken store each say so`() throws {
    let bench = try LedgerBench()
    for (event, code) in [
      (ServerSessionEvent.replaced, GoodbyeCode.replaced), (.shuttingDown(retryAfterMilliseconds: 700), .shuttingDown),
      (.storeFailed, .serverTrouble),
    ] {
      let session = SessionBench(bench)
      _ = try session.open(bench.reviewer)
      try session.post(event)
      #expect(session.goodbye?.code == code && session.closeCode == code.webSocketCloseCode)
      #expect((session.goodbye?.retryAfterMilliseconds ?? 0 > 0) == (code != .replaced))
      #expect(session.machine.handle(.ticked, nowMilliseconds: 1).isEmpty)
    }
  }
}
