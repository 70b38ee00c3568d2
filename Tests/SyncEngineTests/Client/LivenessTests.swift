// Whatever a server says or leaves unsaid, a session goes on or ends: it never stands still without a timer that ends it.
import ReviewModel
import Storage
import SyncProtocol
import Testing
import Trust

@testable import SyncEngine

struct LivenessTests {
  @Test func `limits that let nothing through are not taken over`() throws {
    let script = try SessionScript(server: try ScriptedServer(), isOnce: false)
    try script.queue(2)
    var welcome = script.server.welcome()
    welcome.limits.unansweredMutations = 0
    welcome.limits.unansweredBytes = 0
    welcome.limits.frameBytes = 0
    welcome.limits.heartbeatSeconds = .max
    try script.open(welcome)
    #expect(script.pushes.count == 1)
    #expect(script.timers[.answer] != nil)
    #expect(try #require(script.timers[.silence]) <= 900_000)
  }

  @Test func `a server that lives and gives nothing is left for another try`() throws {
    let script = try SessionScript(server: try ScriptedServer())
    try script.open()
    for _ in 0..<ClientSession.pullsLimit {
      #expect(script.end == nil)
      try script.frame(.heartbeat(Heartbeat()))
      try script.handle(.timerFired(.pull))
    }
    try script.handle(.timerFired(.pull))
    guard case .retry = script.end else {
      Issue.record("the session waits for ever")
      return
    }
  }

  @Test func `whoever asks how things stand is told by a new checkpoint, and once is enough`() throws {
    let script = try SessionScript(server: try ScriptedServer(), isOnce: false)
    try script.handle(.comparisonAsked)
    try script.open()
    try script.handle(.comparisonAsked)
    #expect(script.subscriptions.count == 1, "the first checkpoint is on its way")
    try script.checkpoint()
    try script.handle(.comparisonAsked)
    try script.handle(.comparisonAsked)
    #expect(script.subscriptions.count == 2)
    #expect(script.timers[.pull] != nil && script.end == nil)
  }

  @Test func `pages that keep coming are waited for`() throws {
    let script = try SessionScript(server: try ScriptedServer(), isOnce: false)
    try script.open()
    for number in 0..<UInt64(ClientSession.pullsLimit * 2) {
      try script.frame(.changes(Changes(scope: .tenant, from: number, to: number + 1, entries: [])))
      try script.handle(.timerFired(.pull))
    }
    #expect(script.end == nil)
  }

  @Test func `a single sync ends when its last scope is closed`() throws {
    let script = try SessionScript(server: try ScriptedServer())
    try script.open()
    try script.frame(.scopeClosed(.tenant))
    #expect(script.end == .finished)
  }

  @Test func `the whole ledger is not for everybody, and the device is as welcome as before`() throws {
    let script = try SessionScript(server: try ScriptedServer(), wantsLedger: true)
    try script.open()
    try script.checkpoint()
    guard case .proofs(let request) = script.sent.last else { throw ScriptError() }
    #expect(request.rangeCount > 0)
    try script.frame(.proofs(Proofs(request: request.request, size: request.size, entries: [], refused: [0], isLast: true)))
    #expect(script.end == .finished)
    #expect(script.session.progress.isLedgerRefused)
  }

  @Test func `a ledger that does not come is asked for in another session`() throws {
    let script = try SessionScript(server: try ScriptedServer(), wantsLedger: true)
    try script.open()
    try script.checkpoint()
    try script.handle(.timerFired(.reply))
    guard case .retry = script.end else {
      Issue.record("half a ledger was taken for the whole")
      return
    }
  }
}
