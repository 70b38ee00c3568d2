// Sending within the window, answers with their evidence, pages, digests and pulls.
import ReviewModel
import Storage
import SyncProtocol
import Testing
import Trust

@testable import SyncEngine

struct ExchangeTests {
  private static func entry(_ number: UInt8, seq: UInt64) -> ChangeEntry {
    var member = MemberEntity()
    member.id = MemberID(Array(repeating: number, count: 16)) ?? .zero
    member.name = "Member \(number)"
    return ChangeEntry(seq: seq, key: .member(member.id), payload: member.encoded())
  }

  @Test func `the window bounds what is unanswered, and lane 0 goes first`() throws {
    let script = try SessionScript(server: try ScriptedServer())
    try script.queue(200)
    try script.queue(1, lane: 0)
    try script.open()
    let numbers = try script.pushes.flatMap(\.envelopes).map { try $0.envelope.envelope() }
    #expect(numbers.count == 128)
    #expect(numbers.first?.lane == 0)
    #expect(script.timers[.answer] != nil)
    let first = try #require(script.pushes.first)
    try script.frame(.outcomes(try script.server.answer(first.envelopes, commitSeq: 5, lane: 0)))
    #expect(try script.pushes.flatMap(\.envelopes).filter { try $0.envelope.envelope().lane == 1 }.count == 128)
    #expect(try script.outbox.counts().offered == 128)
  }

  @Test func `large envelopes are split into frames and stay within the bytes`() throws {
    let script = try SessionScript(server: try ScriptedServer())
    try script.queue(60, bytes: 40_000)
    try script.open()
    let bytes = script.pushes.flatMap(\.envelopes).reduce(0) { $0 + $1.envelope.bytes.count }
    #expect(bytes <= 1 << 20 && bytes > 900_000)
    #expect(script.pushes.allSatisfy { push in push.envelopes.reduce(0) { $0 + $1.envelope.bytes.count } < 64 << 10 })
  }

  @Test func `what was offered is sent again when its answer was lost`() throws {
    let first = try SessionScript(server: try ScriptedServer())
    try first.queue(2)
    try first.open()
    let sent = try #require(first.pushes.first)
    try first.handle(.pipeClosed(reason: "lost"))
    var server = first.server
    // The server decided the first of them; nobody heard.
    let lost = try server.answer(Array(sent.envelopes.prefix(1)), commitSeq: 3)
    let again = try SessionScript(server: server, outbox: first.outbox, cache: first.cache)
    let hash = try #require(sent.envelopes.first?.envelope.hash)
    try again.open(server.welcome(lanes: [LaneState(lane: 1, lastNumber: 1, lastHash: hash)]))
    #expect(again.pushes.first == sent)
    try again.frame(.outcomes(lost))
    #expect(try again.outbox.counts().offered == 1)
    try again.frame(.outcomes(lost))
    #expect(again.end == nil)
  }

  @Test(arguments: 0..<4)
  func `an answer that is changed, signed by another, or for another envelope is refused`(change: Int) throws {
    let script = try SessionScript(server: try ScriptedServer())
    try script.queue(1)
    try script.open()
    let sent = try #require(script.pushes.first).envelopes
    var outcomes = try script.server.answer(sent, commitSeq: 3)
    switch change {
    case 0: outcomes.answers[0].ledgerIndex += 1
    case 1: outcomes.answers[0].leafRecord = LeafRecord().encoded()
    case 2: outcomes.signature = script.server.device.sign([1], as: .outcomes)
    default:
      // The server signed it: of another change, which came under the same number.
      let other = try SessionScript(server: try ScriptedServer())
      try other.queue(1)
      try other.open()
      outcomes = try script.server.answer(try #require(other.pushes.first).envelopes, commitSeq: 3)
    }
    try script.frame(.outcomes(outcomes))
    guard case .stopped(.badEvidence, _) = script.end else {
      Issue.record("the change \(change) was believed")
      return
    }
    #expect(try script.outbox.counts().offered == 1)
  }

  @Test func `answered rows leave the replay once every cursor has reached their commit`() throws {
    let script = try SessionScript(server: try ScriptedServer())
    try script.queue(1)
    try script.open()
    try script.checkpoint()
    #expect(script.end == nil)
    try script.frame(.outcomes(try script.server.answer(try #require(script.pushes.first).envelopes, commitSeq: 9)))
    #expect(try script.outbox.replayable().count == 1)
    try script.frame(.changes(Changes(scope: .tenant, from: 0, to: 9, entries: [Self.entry(1, seq: 9)])))
    #expect(script.retired.last == 9)
    #expect(try script.outbox.replayable().isEmpty)
    try script.checkpoint(after: 1)
    try script.checkpoint(after: 2)
    #expect(script.end == .finished)
    #expect(script.subscriptions.count == 2)
  }

  @Test func `pages before the cursor are passed over, a gap is asked for again`() throws {
    let script = try SessionScript(server: try ScriptedServer(), isOnce: false)
    try script.open()
    let page = Changes(scope: .tenant, from: 0, to: 2, entries: [Self.entry(1, seq: 1), Self.entry(2, seq: 2)])
    try script.frame(.changes(page))
    try script.frame(.changes(page))
    #expect(script.subscriptions.count == 1)
    try script.frame(.changes(Changes(scope: .tenant, from: 5, to: 6, entries: [Self.entry(3, seq: 6)])))
    #expect(script.subscriptions.last?.cursors == [ScopeCursor(scope: .tenant, cursor: 2)])
    try script.frame(.changes(Changes(scope: .tenant, from: 2, to: 3, entries: [Self.entry(3, seq: 7)])))
    guard case .stopped(.protocolViolation, _) = script.end else {
      Issue.record("a row beyond its page was taken")
      return
    }
  }

  @Test func `a digest that differs is repaired, compared again, and told`() throws {
    let script = try SessionScript(server: try ScriptedServer())
    try script.open()
    try script.frame(.changes(Changes(scope: .tenant, from: 0, to: 1, entries: [Self.entry(1, seq: 1)])))
    try script.checkpoint(wrongDigest: true)
    guard case .repair(let repair) = script.sent.last else {
      Issue.record("no repair was asked for")
      return
    }
    #expect(repair.leaves.count == 256 && repair.cursor == 1)
    try script.frame(
      .repairPage(
        RepairPage(scope: .tenant, head: 1, leaves: Array(0...255), entries: [Self.entry(1, seq: 1)], isLast: true)))
    #expect(script.repairs == 1 && script.end == nil)
    try script.checkpoint()
    #expect(script.end == .finished)
    #expect(script.session.progress.repairs == 1)
  }

  @Test func `a head that does not come is pulled`() throws {
    let script = try SessionScript(server: try ScriptedServer(), isOnce: false)
    try script.open()
    try script.checkpoint()
    try script.handle(.timerFired(.pull))
    let before = script.subscriptions.count
    try script.frame(.heartbeat(Heartbeat(heads: [ScopeHead(scope: .tenant, head: 4)])))
    #expect(script.timers[.pull] != nil)
    try script.handle(.timerFired(.pull))
    #expect(script.subscriptions.count == before + 1)
  }

  @Test func `scopes come and go while the session is open`() throws {
    let script = try SessionScript(server: try ScriptedServer(), isOnce: false)
    try script.open()
    let campaign = Scope.campaign(CampaignID(Array(repeating: 9, count: 16)) ?? .zero)
    try script.frame(.scopeGranted(ScopeHead(scope: campaign, head: 3)))
    #expect(script.subscriptions.last?.cursors == [ScopeCursor(scope: campaign, cursor: 0)])
    try script.frame(.changes(Changes(scope: campaign, from: 0, to: 3, entries: [Self.entry(1, seq: 3)])))
    try script.frame(.scopeClosed(campaign))
    #expect(try script.cache.scopes().map(\.scope) == [.tenant])
    try script.frame(.changes(Changes(scope: campaign, from: 3, to: 4, entries: [Self.entry(2, seq: 4)])))
    #expect(script.end == nil)
  }

  @Test func `an own envelope is intact under its own key alone, and a server that refuses it ends the session`() throws {
    let first = try SessionScript(server: try ScriptedServer())
    try first.queue(1)
    try first.open()
    let row = try #require(try first.outbox.offered(lane: 1).first)
    let key = SigningKey.generate().publicKey
    #expect(EnvelopeSigning.isIntact(row, key: first.server.device.publicKey))
    #expect(!EnvelopeSigning.isIntact(row, key: key))
    try first.frame(.goodbye(Goodbye(code: .badSignature)))
    #expect(first.end == .stopped(.signatureRefused, detail: ""))
  }
}
