// What a disk has changed in an outbox: never signed, never sent, and nothing waits behind it.
import ReviewModel
import Storage
import SyncProtocol
import Testing
import Trust

@testable import SyncEngine

struct DamagedRowTests {
  private static func lane(_ last: UInt64, _ hash: Digest = .zero) -> LaneState {
    LaneState(lane: 1, lastNumber: last, lastHash: hash)
  }

  private static func rows(_ numbers: ClosedRange<UInt64>, in outbox: MemoryOutboxStore) throws -> [OutboxRow] {
    let key = SigningKey.generate()
    let signing = EnvelopeSigning(tenant: .zero, key: key, checkpoint: SeenCheckpoint())
    for number in numbers {
      _ = try outbox.append([Self.mutation(UInt8(number))])
    }
    return try outbox.offer(lane: 1, limit: OfferLimit(mutations: 9, bytes: 1 << 20)) { row, last in
      signing.sign(row.mutation, number: last.number + 1, previousHash: last.hash)
    }
  }

  private static func mutation(_ number: UInt8) -> QueuedMutation {
    QueuedMutation(
      mutationID: MutationID(Array(repeating: number, count: 16)) ?? .zero, lane: 1, body: [1, 2, 3],
      parts: [Part.text("because", kind: .reason, salt: Array(repeating: 7, count: 32))], clock: HybridClock(),
      queuedMilliseconds: 1)
  }

  @Test func `every field that is signed or sent is checked`() {
    let whole = Self.mutation(1)
    #expect(whole.isWhole)
    var changed = [whole, whole, whole, whole, whole, whole]
    changed[0].mutationID = MutationID(Array(repeating: 2, count: 16)) ?? .zero
    changed[1].lane = 0
    changed[2].body[0] = 9
    changed[3].parts = []
    changed[4].clock = HybridClock(wallMilliseconds: 1, counter: 0)
    changed[5].parts = [Part.text("because?", kind: .reason, salt: Array(repeating: 7, count: 32))]
    #expect(changed.allSatisfy { !$0.isWhole })
  }

  @Test func `a lane ends at a number that was put aside and never arrived`() throws {
    let outbox = MemoryOutboxStore()
    let rows = try Self.rows(1...4, in: outbox)
    let given = try #require(try outbox.lanes()[1])
    try outbox.quarantine(rows[1].row, reason: "damaged")
    let offered = try outbox.offered(lane: 1)
    let aside = try outbox.quarantined(lane: 1)
    func verdict(_ last: UInt64) -> LaneComparison {
      let hash = last == 0 ? Digest.zero : rows[Int(last) - 1].envelope?.hash ?? .zero
      return LaneComparison.compare(given: given, offered: offered, quarantined: aside, server: Self.lane(last, hash))
    }
    #expect(verdict(0) == .interrupted && verdict(1) == .interrupted)
    #expect(verdict(2) == .agrees && verdict(4) == .agrees)
    let first = LaneComparison.compare(given: given, offered: [], quarantined: aside, server: Self.lane(0))
    #expect(first == .serverBehind, "number 1 was answered, and the server does not hold it")
  }

  @Test func `a device that died after it had put its only change aside goes on under a new identity`() throws {
    let outbox = MemoryOutboxStore()
    let rows = try Self.rows(1...1, in: outbox)
    try outbox.quarantine(rows[0].row, reason: "damaged")
    let server = try ScriptedServer()
    let identity = ClientIdentity(tenant: server.tenant, key: server.device, serverKey: server.key.publicKey, agent: "script")
    let start = try SessionStart(identity: identity, isOnce: true, versions: 1...1, outbox: outbox)
    #expect(start.quarantined[1] == [1])
    let script = try SessionScript(server: server, outbox: outbox)
    script.session = ClientSession(start)
    try script.open()
    #expect(script.end == .stopped(.damagedEnvelope, detail: ""))
  }

  @Test func `a broken envelope of a whole change is not put aside`() throws {
    let server = try ScriptedServer()
    let script = try SessionScript(server: server)
    _ = try script.outbox.append([Self.mutation(1)])
    let signing = EnvelopeSigning(tenant: server.tenant, key: server.device, checkpoint: SeenCheckpoint())
    var rows = try script.outbox.offer(lane: 1, limit: OfferLimit(mutations: 9, bytes: 1 << 20)) { row, last in
      signing.sign(row.mutation, number: last.number + 1, previousHash: last.hash)
    }
    let envelope = try #require(rows[0].envelope)
    var bytes = envelope.bytes
    bytes[bytes.count / 2] ^= 4
    rows[0].envelope = SignedEnvelope(bytes: bytes, signature: envelope.signature)
    for isWhole in [true, false] {
      if !isWhole { rows[0].mutation.parts = [] }
      let identity = ClientIdentity(tenant: server.tenant, key: server.device, serverKey: server.key.publicKey, agent: "script")
      let again = try SessionScript(server: server, outbox: script.outbox)
      again.session = ClientSession(
        SessionStart(
          identity: identity, isOnce: true, versions: 1...1, checkpoint: SeenCheckpoint(),
          lanes: try script.outbox.lanes(), offered: [1: rows]))
      try again.open()
      #expect(again.end == .stopped(.damagedEnvelope, detail: ""))
      #expect(try script.outbox.counts().quarantined == (isWhole ? 0 : 1))
    }
  }

  @Test func `a queued change that is not whole gets no number, and what follows it does`() throws {
    let server = try ScriptedServer()
    let outbox = MemoryOutboxStore()
    var damaged = Self.mutation(2)
    damaged.body[1] ^= 1
    _ = try outbox.append([Self.mutation(1), damaged, Self.mutation(3)])
    let identity = ClientIdentity(tenant: server.tenant, key: server.device, serverKey: server.key.publicKey, agent: "script")
    let start = try SessionStart(identity: identity, isOnce: true, versions: 1...1, outbox: outbox)
    let actor = ReplayActor(tenant: server.tenant, member: .zero, device: server.device.publicKey.fingerprint)
    var stores = SessionStores(keeper: ViewKeeper(cache: MemoryCacheStore(), outbox: outbox, actor: actor), start: start)
    let events = try stores.execute(.offer(lane: 1, limit: OfferLimit(mutations: 9, bytes: 1 << 20)), nowMilliseconds: 1)
    guard case .offered(1, let rows) = events.first else {
      Issue.record("nothing was offered")
      return
    }
    #expect(rows.map(\.mutation.mutationID) == [Self.mutation(1), Self.mutation(3)].map(\.mutationID))
    #expect(rows.map(\.number) == [1, 2])
    #expect(try outbox.counts().quarantined == 1 && stores.needsRefresh)
  }
}
