// The handshake, the lanes and every way in which a session ends.
import ReviewModel
import Storage
import SyncProtocol
import Testing
import Trust

@testable import SyncEngine

struct HandshakeTests {
  @Test func `an open session subscribes, compares and finishes`() throws {
    let script = try SessionScript(server: try ScriptedServer())
    try script.open()
    #expect(script.subscriptions.count == 1)
    try script.checkpoint()
    #expect(script.end == .finished)
    #expect(script.checkpoints.map(\.checkpoint) == [script.server.checkpoint()])
  }

  @Test func `what older rules did not know is queued again before anything is offered`() throws {
    let script = try SessionScript(server: try ScriptedServer())
    var welcome = script.server.welcome()
    welcome.rulesVersion = 7
    try script.open(welcome)
    #expect(script.offeredAgainBelow == [7])
    let older = try SessionScript(server: try ScriptedServer())
    try older.open()
    #expect(older.offeredAgainBelow.isEmpty)
  }

  @Test func `an older server's answer that is only delivered by a newer one is not the last word`() throws {
    let script = try SessionScript(server: try ScriptedServer(), isOnce: false)
    var welcome = script.server.welcome()
    welcome.rulesVersion = 7
    try script.queue(1)
    try script.open(welcome)
    let envelopes = script.pushes.flatMap(\.envelopes)
    try script.frame(.outcomes(script.server.answer(envelopes, commitSeq: 1, outcome: .rejected(.unsupported))))
    #expect(script.offeredAgainBelow == [7, 7])
    // It is asked for more at once: what is queued again must not wait for the next session.
    #expect(script.offersAgainBeforeAsking.last == 2)
    try script.queue(1)
    try script.handle(.outboxChanged)
    let next = Array(script.pushes.flatMap(\.envelopes).dropFirst())
    try script.frame(.outcomes(script.server.answer(next, commitSeq: 2)))
    #expect(script.offeredAgainBelow == [7, 7], "an applied change stays as it is")
  }

  @Test func `a challenge by another key, or over another certificate, ends the session`() throws {
    let stranger = SigningKey.generate()
    let script = try SessionScript(server: try ScriptedServer())
    try script.frame(.challenge(script.server.challenge(to: try script.hello(), signedBy: stranger)))
    #expect(script.end == .stopped(.notTheServer, detail: ""))
    let other = try SessionScript(server: try ScriptedServer())
    try other.frame(.challenge(other.server.challenge(to: try other.hello(), certificate: SHA256.hash([1]))))
    #expect(other.end == .stopped(.notTheServer, detail: ""))
  }

  @Test func `a server that is behind its own checkpoint is found`() throws {
    var server = try ScriptedServer()
    server.addLeaf([1])
    let seen = server.checkpoint()
    let script = try SessionScript(server: try ScriptedServer(), seen: seen)
    try script.open()
    #expect(script.end == .stopped(.rolledBack, detail: ""))
  }

  @Test func `the proof brings the note of what this device has seen`() throws {
    let server = try ScriptedServer()
    let note = Array(server.note().utf8)
    for (seen, note) in [(server.checkpoint(), note), (SeenCheckpoint(), [])] {
      let script = try SessionScript(server: server, isOnce: false, seen: seen, note: note)
      try script.open()
      let proofs: [Prove] = script.sent.compactMap { if case .prove(let prove) = $0 { prove } else { nil } }
      #expect(proofs.map(\.seenNote) == [note])
    }
  }

  @Test func `another history is found, and a growing one is not`() throws {
    var server = try ScriptedServer()
    let seen = server.checkpoint()
    server.addLeaf([1])
    let good = try SessionScript(server: server, seen: seen)
    try good.open(server.welcome(consistency: try server.consistency(from: 1)))
    #expect(good.end == nil)
    let forged = SeenCheckpoint(origin: seen.origin, size: 1, root: SHA256.hash([8]))
    let bad = try SessionScript(server: server, seen: forged)
    try bad.open(server.welcome(consistency: try server.consistency(from: 1)))
    #expect(bad.end == .stopped(.inconsistentLog, detail: ""))
  }

  @Test func `a note by another key and another epoch are refused`() throws {
    let script = try SessionScript(server: try ScriptedServer())
    var welcome = script.server.welcome()
    welcome.checkpointNote = script.server.note(signedBy: SigningKey.generate())
    try script.open(welcome)
    #expect(script.end == .stopped(.notTheServer, detail: ""))
    let other = SeenCheckpoint(origin: "script/other", size: 1, root: .zero)
    let epoch = try SessionScript(server: try ScriptedServer(), seen: other)
    try epoch.open()
    #expect(epoch.end == .stopped(.epochChanged, detail: ""))
  }

  @Test func `a server that is ahead in a lane means a copied device`() throws {
    let script = try SessionScript(server: try ScriptedServer())
    try script.open(script.server.welcome(lanes: [LaneState(lane: 1, lastNumber: 3, lastHash: SHA256.hash([1]))]))
    #expect(script.end == .stopped(.forked, detail: ""))
  }

  @Test func `a server that forgot an answered number has been rolled back`() throws {
    let outbox = MemoryOutboxStore()
    try outbox.renumber(afterEnrolment: SHA256.hash([1]))
    let script = try SessionScript(server: try ScriptedServer(), outbox: outbox)
    try script.open()
    #expect(script.end == .stopped(.rolledBack, detail: ""))
  }

  @Test(arguments: GoodbyeCode.allCases)
  func `who has not proved to be the server ends nothing for good`(_ code: GoodbyeCode) throws {
    let script = try SessionScript(server: try ScriptedServer())
    _ = try script.hello()
    try script.frame(.goodbye(Goodbye(code: code, retryAfterMilliseconds: 1 << 50)))
    switch try #require(script.end) {
    case .retry(let after, _): #expect(after <= 300_000 && code != .versionUnsupported)
    case .stopped(let stop, _): #expect(stop == .versionUnsupported && code == .versionUnsupported)
    case .finished: Issue.record("a goodbye is no success")
    }
  }

  @Test(arguments: GoodbyeCode.allCases)
  func `every goodbye either comes back or says why not`(_ code: GoodbyeCode) throws {
    let script = try SessionScript(server: try ScriptedServer())
    try script.open()
    try script.frame(.goodbye(Goodbye(code: code, retryAfterMilliseconds: 1_234)))
    let stops: [GoodbyeCode: SessionStop] = [
      .unauthorized: .unauthorized, .versionUnsupported: .versionUnsupported, .unknownTenant: .unknownTenant,
      .badSignature: .signatureRefused, .forked: .forked, .replaced: .replaced, .deviceRevoked: .deviceRevoked,
      .rolledBack: .rolledBack,
    ]
    switch try #require(script.end) {
    case .stopped(let stop, _): #expect(stops[code] == stop)
    case .retry(let after, let reason): #expect(stops[code] == nil && after >= 1_234 && !reason.isEmpty)
    case .finished: Issue.record("a goodbye is no success")
    }
    try script.frame(.heartbeat(Heartbeat()))
    #expect(script.sent.count == 3)
  }

  @Test func `frames out of order and silence end the session`() throws {
    let script = try SessionScript(server: try ScriptedServer())
    _ = try script.hello()
    try script.frame(.heartbeat(Heartbeat()))
    guard case .stopped(.protocolViolation, _) = script.end else {
      Issue.record("an unexpected frame was taken")
      return
    }
    let silent = try SessionScript(server: try ScriptedServer(), isOnce: false)
    try silent.open()
    try silent.handle(.timerFired(.silence))
    guard case .retry = silent.end else {
      Issue.record("silence was not noticed")
      return
    }
  }

  @Test func `back-off doubles up to a last ceiling, stays below it by chance, and honours the server`() {
    var backoff = Backoff()
    var ceiling = Backoff.firstCeilingMilliseconds
    for _ in 0..<20 {
      var again = backoff
      #expect(again.failed(serverAskedMilliseconds: 0, randomness: ceiling + 1) == 0, "no longer than the ceiling")
      #expect(backoff.failed(serverAskedMilliseconds: 0, randomness: ceiling) == ceiling)
      ceiling = min(2 * ceiling, Backoff.lastCeilingMilliseconds)
    }
    #expect(ceiling == Backoff.lastCeilingMilliseconds)
    backoff.succeeded()
    #expect(backoff.failed(serverAskedMilliseconds: 0, randomness: Backoff.firstCeilingMilliseconds + 1) == 0, "anew")
    #expect(backoff.failed(serverAskedMilliseconds: 5_000, randomness: 0) == 5_000)
    // Nobody waits for ever because a server said so.
    #expect(backoff.failed(serverAskedMilliseconds: .max, randomness: 7) == Backoff.askedLimitMilliseconds + 7)
  }
}
