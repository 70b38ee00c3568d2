// Drives a client session by hand against real stores in memory: what a shell does, without any.
import ReviewModel
import Storage
import SyncProtocol
import Trust

@testable import SyncEngine

/// Holds the machine, because a machine is not copied.
final class SessionScript {
  var session: ClientSession
  var server: ScriptedServer
  let outbox: MemoryOutboxStore
  let cache: MemoryCacheStore
  private(set) var sent: [ClientFrame] = []
  private(set) var timers: [SessionTimer: UInt64] = [:]
  private(set) var end: SessionEnd?
  private(set) var refreshes = 0
  private(set) var evidence: [EvidenceRow] = []
  /// What the stores lack proofs for; asked once.
  var unproved: [UInt64] = []
  private(set) var repairs = 0
  /// The server's time at each order to forget.
  private(set) var forgetting: [UInt64] = []
  /// What the device's clock shows.
  var now: UInt64 = 1_000
  private(set) var retired: [UInt64] = []
  private(set) var checkpoints: [SeenNote] = []
  private(set) var offeredAgainBelow: [UInt32] = []
  /// How often changes had been offered again, at each time that the outbox was asked for more.
  private(set) var offersAgainBeforeAsking: [Int] = []

  init(
    server: ScriptedServer, outbox: MemoryOutboxStore = MemoryOutboxStore(), cache: MemoryCacheStore = MemoryCacheStore(),
    isOnce: Bool = true, wantsLedger: Bool = false, seen: SeenCheckpoint = SeenCheckpoint(), note: [UInt8] = []
  ) throws {
    self.server = server
    self.outbox = outbox
    self.cache = cache
    session = ClientSession(
      SessionStart(
        identity: ClientIdentity(tenant: server.tenant, key: server.device, serverKey: server.key.publicKey, agent: "script"),
        isOnce: isOnce, wantsLedger: wantsLedger, versions: 1...1, checkpoint: seen, note: note, lanes: try outbox.lanes(),
        offered: [0: try outbox.offered(lane: 0), 1: try outbox.offered(lane: 1)]))
  }

  func frame(_ frame: ServerFrame) throws { try handle(.frameReceived(frame)) }

  func handle(_ event: ClientSessionEvent) throws {
    var events = [event]
    while !events.isEmpty {
      for order in session.handle(events.removeFirst(), now: now) { events += try carryOut(order) }
    }
  }

  private func carryOut(_ order: ClientSessionOrder) throws -> [ClientSessionEvent] {
    switch order {
    case .sendFrame(let frame): sent.append(frame)
    case .grant(let scopes):
      _ = try cache.grant(scopes)
      return [.granted(try cache.scopes())]
    case .apply(let page): if try cache.apply(page) == nil { throw ScriptError() }
    case .applyFetched(let rows): _ = try cache.apply(fetched: rows)
    case .readDigest(let scope): return [.digestRead(scope, try cache.digest(scope))]
    case .repair(let scope, let head, let leaves, let rows):
      repairs += 1
      _ = try cache.repair(scope, head: head, leaves: leaves, rows: rows)
    case .offer(let lane, let limit):
      offersAgainBeforeAsking.append(offeredAgainBelow.count)
      let signing = EnvelopeSigning(tenant: server.tenant, key: server.device, checkpoint: SeenCheckpoint())
      let rows = try outbox.offer(lane: lane, limit: limit) { row, last in
        signing.sign(row.mutation, number: row.number ?? 0, previousHash: last.hash)
      }
      return [.offered(lane: lane, rows: rows)]
    case .record(let answers): try outbox.record(answers)
    case .quarantine(let row, let reason): try outbox.quarantine(row, reason: reason)
    case .retire(let seq):
      retired.append(seq)
      try outbox.retire(throughSeq: seq)
    case .keepCheckpoint(let seen): checkpoints.append(seen)
    case .offerAgain(let version): offeredAgainBelow.append(version)
    case .findUnproved(_, let except):
      let asked = unproved.filter { !except.contains($0) }
      unproved = []
      return [.unprovedFound(asked)]
    case .keepEvidence(let rows): evidence += rows
    case .prune(_, let serverMilliseconds): forgetting.append(serverMilliseconds)
    case .showLedger, .opened: break
    case .refreshView: refreshes += 1
    case .setTimer(let timer, let milliseconds): timers[timer] = milliseconds
    case .cancelTimer(let timer): timers[timer] = nil
    case .end(let end): self.end = end
    }
    return []
  }

  // MARK: Steps

  func hello() throws -> Hello {
    try handle(.connected(nonce: SHA256.hash([7]), certificate: nil))
    guard case .hello(let hello) = sent.last else { throw ScriptError() }
    return hello
  }

  /// Up to the open session.
  func open(_ welcome: Welcome? = nil) throws {
    let hello = try hello()
    try frame(.challenge(server.challenge(to: hello)))
    try frame(.welcome(welcome ?? server.welcome()))
  }

  /// A checkpoint at the cursors that the client has, with true digests or a wrong one.
  func checkpoint(after seen: UInt64? = nil, wrongDigest: Bool = false) throws {
    let digests = try cache.scopes().map { held in
      ScopeDigestHead(
        scope: held.scope, head: held.cursor, digest: wrongDigest ? SHA256.hash([5]) : try cache.digest(held.scope).digest)
    }
    let consistency = try seen.map { try server.consistency(from: $0) } ?? []
    try frame(.checkpoint(CheckpointFrame(note: server.note(), consistency: consistency, digests: digests, durableThrough: 0)))
  }

  var pushes: [Push] { sent.compactMap { if case .push(let push) = $0 { push } else { nil } } }

  var subscriptions: [Subscribe] { sent.compactMap { if case .subscribe(let frame) = $0 { frame } else { nil } } }

  /// Queues mutations; their bodies need not mean anything here.
  func queue(_ count: Int, lane: UInt32 = 1, bytes: Int = 8) throws {
    _ = try outbox.append(
      (0..<count).map { _ in
        QueuedMutation(
          mutationID: MutationID(RandomBytes.make(count: 16)) ?? .zero, lane: lane, body: Array(repeating: 1, count: bytes),
          parts: [], clock: HybridClock(), queuedMilliseconds: 1)
      })
  }
}
