// How long a device keeps what was answered: thirty days by its own clock and by the server's, whichever is the earlier one.
import ReviewModel
import Storage
import SyncProtocol
import Testing
import Trust

@testable import SyncEngine

struct RetentionTests {
  private static let day: UInt64 = 24 * 3_600 * 1_000

  /// A session with one answered change; the device's clock shows `now`, the server's `server`.
  private func answered(now: UInt64, server serverMilliseconds: UInt64) throws -> SessionScript {
    let script = try SessionScript(server: try ScriptedServer())
    script.now = now
    try script.queue(1)
    var welcome = script.server.welcome()
    welcome.serverMilliseconds = serverMilliseconds
    try script.open(welcome)
    let pushed = try #require(script.pushes.first)
    try script.frame(.outcomes(try script.server.answer(pushed.envelopes, commitSeq: 1)))
    try script.outbox.retire(throughSeq: 1)
    return script
  }

  private func forget(_ order: ClientSessionOrder, now: UInt64, in script: SessionScript) throws -> Int {
    let server = script.server
    let identity = ClientIdentity(tenant: server.tenant, key: server.device, serverKey: server.key.publicKey, agent: "script")
    let start = try SessionStart(identity: identity, isOnce: true, versions: 1...1, outbox: script.outbox)
    let actor = ReplayActor(tenant: server.tenant, member: .zero, device: identity.device)
    var stores = SessionStores(keeper: ViewKeeper(cache: script.cache, outbox: script.outbox, actor: actor), start: start)
    _ = try stores.execute(order, nowMilliseconds: now)
    return try script.outbox.answered(isRefused: false, limit: 9).count
  }

  @Test func `a clock that runs years ahead forgets nothing, and thirty days later it is forgotten`() throws {
    let today = 1_000 * Self.day
    let script = try answered(now: today, server: today)
    let ahead = today + 400 * Self.day
    let early = ClientSessionOrder.prune(durableThrough: .max, serverMilliseconds: today + Self.day)
    #expect(try forget(early, now: ahead, in: script) == 1)
    let due = ClientSessionOrder.prune(durableThrough: .max, serverMilliseconds: today + 31 * Self.day)
    #expect(try forget(due, now: today + Self.day, in: script) == 1, "by its own clock it is a day old")
    #expect(try forget(due, now: ahead, in: script) == 0)
  }

  @Test func `an answer that came while the clock was years behind is not old when the clock is right again`() throws {
    let today = 1_000 * Self.day
    let script = try answered(now: today - 400 * Self.day, server: today)
    let prune = ClientSessionOrder.prune(durableThrough: .max, serverMilliseconds: today + Self.day)
    #expect(try forget(prune, now: today + Self.day, in: script) == 1)
  }

  @Test func `what is old is told by the server's clock, too`() throws {
    let script = try SessionScript(server: try ScriptedServer())
    var welcome = script.server.welcome()
    welcome.serverMilliseconds = 777
    try script.open(welcome)
    try script.checkpoint()
    #expect(script.forgetting == [777])
  }
}
