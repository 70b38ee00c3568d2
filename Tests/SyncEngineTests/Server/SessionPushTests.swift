// Pushing: bounded, in order, answered once, and every way in which it ends the session.
import ReviewModel
import Storage
import SyncProtocol
import Testing
import Trust

@testable import SyncEngine

@Suite struct SessionPushTests {
  private func open() throws -> SessionBench {
    let session = SessionBench(try LedgerBench())
    _ = try session.open(session.bench.admin)
    return session
  }

  @Test func `outcomes are signed once a frame, and the same number again gets the same answer`() throws {
    let session = try open()
    let (one, parts) = LedgerBench.campaign(try identifier(9))
    let (two, _) = LedgerBench.campaign(try identifier(8))
    let push = try Push(envelopes: [session.bench.admin.sign(one, parts: parts), session.bench.admin.sign(two, parts: parts)])
    try session.receive(.push(push))
    let outcomes = try #require(session.take().outcomes.first)
    #expect(outcomes.answers.map(\.number) == [2, 3])
    var statement = OutcomesStatement()
    statement.origin = session.bench.identity.origin
    statement.tenant = session.bench.tenant
    statement.device = session.bench.admin.id
    statement.lane = 1
    statement.receipts = zip(push.envelopes, outcomes.answers).map { pushed, answer in
      var receipt = OutcomeReceipt()
      receipt.number = answer.number
      receipt.envelopeHash = pushed.envelope.hash
      receipt.leafHash = MerkleHash.leaf(answer.leafRecord)
      receipt.ledgerIndex = answer.ledgerIndex
      return receipt
    }
    #expect(session.bench.server.key.publicKey.isValid(outcomes.signature, over: statement.encoded(), as: .outcomes))
    try session.receive(.push(push))
    #expect(session.take().outcomes.first == outcomes)
  }

  @Test func `a copied device is told that it was forked`() throws {
    let session = try open()
    var copy = session.bench.admin
    let (one, parts) = LedgerBench.campaign(try identifier(9))
    let (two, _) = LedgerBench.campaign(try identifier(8))
    try session.receive(.push(Push(envelopes: [session.bench.admin.sign(one, parts: parts)])))
    try session.receive(.push(Push(envelopes: [copy.sign(two, parts: parts)])))
    #expect(session.goodbye?.code == .forked && session.closeCode == 4009)
  }

  @Test func `a gap ends the session`() throws {
    let session = try open()
    let (one, parts) = LedgerBench.campaign(try identifier(9))
    try session.receive(.push(Push(envelopes: [session.bench.admin.sign(one, parts: parts, number: 5)])))
    #expect(session.goodbye?.code == .numberGap && session.closeCode == 4017)
  }

  @Test func `a bad signature consumes nothing`() throws {
    let session = try open()
    let (one, parts) = LedgerBench.campaign(try identifier(9))
    let pushed = try session.bench.admin.sign(one, parts: parts)
    let forged = SignedEnvelope(bytes: pushed.envelope.bytes, signature: session.bench.reviewer.key.sign([1]))
    let size = try session.bench.store.state().ledgerSize
    try session.receive(.push(Push(envelopes: [PushedEnvelope(envelope: forged, parts: pushed.parts)])))
    #expect(session.goodbye?.code == .badSignature && session.closeCode == 4008)
    #expect(try session.bench.store.state().ledgerSize == size)
  }

  @Test func `another device's envelope, or another tenant's, is not taken`() throws {
    let session = try open()
    let (one, parts) = LedgerBench.campaign(try identifier(9))
    try session.receive(.push(Push(envelopes: [session.bench.reviewer.sign(one, parts: parts)])))
    #expect(session.goodbye?.code == .unauthorized)
    let other = try open()
    var foreign = try BenchDevice(seed: 11, member: other.bench.admin.member, tenant: identifier(50))
    #expect(foreign.id == other.bench.admin.id)
    try other.receive(.push(Push(envelopes: [foreign.sign(one, parts: parts)])))
    #expect(other.goodbye?.code == .unauthorized)
  }

  @Test func `an envelope that is not canonical ends the session`() throws {
    let session = try open()
    let (one, _) = LedgerBench.campaign(try identifier(9))
    let pushed = try session.bench.admin.sign(one)
    let bytes = pushed.envelope.bytes + [0xF8, 0x01, 0x01]
    let damaged = SignedEnvelope(bytes: bytes, signature: session.bench.admin.key.sign(bytes, as: .mutation))
    try session.receive(.push(Push(envelopes: [PushedEnvelope(envelope: damaged, parts: [])])))
    #expect(session.goodbye?.code == .malformedFrame)
  }

  @Test func `a push of two lanes, or of numbers that do not ascend, ends the session`() throws {
    let writer = try open()
    var pause = Pause()
    pause.pause = try identifier(40)
    let safety = try writer.bench.admin.sign(.pause(pause))
    let (campaign, parts) = LedgerBench.campaign(try identifier(9))
    let first = try writer.bench.admin.sign(campaign, parts: parts)
    let second = try writer.bench.admin.sign(campaign, parts: parts)
    for envelopes in [[safety, first], [second, first], [first, first]] {
      let session = try open()
      try session.receive(.push(Push(envelopes: envelopes)))
      #expect(session.goodbye?.code == .malformedFrame && session.closeCode == 4002)
    }
  }

  @Test func `more than a session may have unanswered ends it`() throws {
    let session = try open()
    let (one, parts) = LedgerBench.campaign(try identifier(9))
    var envelopes: [PushedEnvelope] = []
    for _ in 0..<129 { envelopes.append(try session.bench.admin.sign(one, parts: parts)) }
    try session.receive(.push(Push(envelopes: envelopes)))
    #expect(session.goodbye?.code == .tooLarge && session.closeCode == 4004)
  }

  @Test func `a lane waits for its own verification and for no other lane's`() throws {
    var queue = PushQueue()
    let tickets = [UInt32(1), 1, 0].compactMap { queue.accept(Push(envelopes: []), lane: $0, limits: SessionLimits()) }
    guard tickets.count == 3 else { throw BenchError() }
    let (first, second, safety) = (tickets[0], tickets[1], tickets[2])
    #expect(queue.verified(second, []).isEmpty)
    #expect(queue.verified(safety, []).map(\.ticket) == [safety])
    #expect(queue.verified(first, []).map(\.ticket) == [first, second])
  }
}
