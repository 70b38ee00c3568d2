// A session's machine with a tenant's store behind it: orders are carried out at once, so that a test reads like a
// conversation. Nothing here is asynchronous.
import ReviewModel
import Storage
import SyncProtocol
import Testing
import Trust

@testable import SyncEngine

/// One client's conversation with the machine.
final class SessionBench {
  static let nonce = SHA256.hash([1])

  var bench: LedgerBench
  var machine: ServerSession
  /// What the client has been sent and has not taken yet.
  var frames: [ServerFrame] = []
  var closeCode: UInt16?
  var followed: Set<Scope> = []
  /// The checkpoints that the server was shown to have signed and not to hold.
  var shown: [SeenCheckpoint] = []
  /// Orders of these kinds are put aside instead of being carried out.
  var holdsReads = false
  var held: [ServerSessionOrder] = []
  private(set) var now: UInt64 = 0
  private let serverKey: SigningKey
  private let reader: SessionReader

  init(_ bench: LedgerBench) {
    self.bench = bench
    serverKey = bench.server.key
    reader = SessionReader(store: bench.store, origin: bench.identity.origin)
    machine = ServerSession(
      configuration: ServerSessionConfiguration(
        serverName: "bench", signingKey: bench.server.key, nonce: Self.nonce, tlsCertificateDigest: nil), nowMilliseconds: 0)
  }

  func receive(_ frame: ClientFrame) throws { try post(.frameReceived(frame)) }

  func post(_ event: ServerSessionEvent, after milliseconds: UInt64 = 0) throws {
    now += milliseconds
    for order in machine.handle(event, nowMilliseconds: now) { try carryOut(order) }
  }

  func releaseHeld() throws {
    let orders = held
    held = []
    holdsReads = false
    for order in orders { try carryOut(order) }
  }

  func take() -> [ServerFrame] {
    defer { frames = [] }
    return frames
  }

  var goodbye: Goodbye? {
    for case .goodbye(let goodbye) in frames { return goodbye }
    return nil
  }

  private func carryOut(_ order: ServerSessionOrder) throws {
    switch order {
    case .send(let frame): frames.append(frame)
    case .sendShared(let shared): if let changes = shared.changes { frames.append(.changes(changes)) }
    case .follow(let scopes): followed = scopes
    case .stopWriting(let checkpoint):
      #expect(closeCode == nil, "the order comes before the end")
      shown.append(checkpoint)
    case .close(let code): closeCode = code
    case .identify(let tenant, let device):
      try post(.identified(tenant == bench.tenant ? reader.identity(of: device) : nil))
    case .open(let identity, let seen):
      let opening = try reader.opening(device: identity.device.id, seen: seen, nowMilliseconds: 5)
      try post(.opened(opening ?? { throw BenchError() }()))
    case .verify(let ticket, let envelopes): try verify(ticket, envelopes)
    case .commit(let ticket, let envelopes): try post(.committed(ticket: ticket, commit(envelopes)))
    default:
      if holdsReads { held.append(order) } else { try read(order) }
    }
  }

  private func verify(_ ticket: UInt64, _ envelopes: [PushedEnvelope]) throws {
    guard let identity = machine.identity else { throw BenchError() }
    do throws(EnvelopeFault) {
      var verified: [VerifiedEnvelope] = []
      for pushed in envelopes {
        verified.append(
          try VerifiedEnvelope.check(
            pushed, tenant: bench.tenant, device: identity.device.id, key: identity.device.publicKey))
      }
      let done = verified
      try? post(.verified(ticket: ticket, .success(done)))
    } catch {
      try? post(.verified(ticket: ticket, .failure(error)))
    }
  }

  /// Decides, writes, and tells this session what changed, as the writer and the fan-out do.
  @discardableResult
  func commit(_ envelopes: [VerifiedEnvelope]) throws -> [SubmissionResult] {
    bench.now += 1_000
    let decision = try bench.committer.decide(envelopes, nowMilliseconds: bench.now)
    guard let batch = decision.batch else { return decision.results }
    let before = try bench.store.heads(Array(Set(batch.writes.map(\.scope))))
    try bench.store.write(batch)
    bench.committer.committed(decision)
    if let device = machine.device, let access = try reader.access(of: device) { try post(.accessChanged(access)) }
    for scope in Set(batch.writes.map(\.scope)).sorted() where followed.contains(scope) {
      let entries = batch.writes.filter { $0.scope == scope }.map { ChangeEntry(seq: $0.seq, key: $0.key, payload: $0.payload) }
      guard let last = entries.last else { continue }
      try post(.changed(SharedChanges(scope: scope, from: before[scope] ?? 0, to: last.seq, entries: entries)))
    }
    return decision.results
  }

  private func read(_ order: ServerSessionOrder) throws {
    guard let device = machine.device else { throw BenchError() }
    switch order {
    case .readHead: try post(.headRead(seq: reader.headSeq()))
    case .readPage(let request): try post(.pageRead(request, reader.page(request)))
    case .readCheckpoint(let scopes, let since): try post(.checkpointRead(reader.checkpoint(scopes: scopes, since: since)))
    case .readHeads(let scopes): try post(.headsRead(reader.heads(scopes)))
    case .readWaiting: try post(.waitingRead(reader.waiting(device: device)))
    case .readEntities(let keys, let granted):
      let (entries, keysRead) = try reader.entities(keys, granted: granted)
      try post(.entitiesRead(entries, keysRead: keysRead))
    case .readProofs(let request, let position):
      try post(.proofsRead(reader.proofs(request, position: position, device: device)))
    case .compareLeaves(let scope, let leaves):
      let (head, differing) = try reader.compare(scope, leaves: leaves)
      try post(.leavesCompared(head: head, leaves: differing))
    case .readLeaf(let scope, let leaf): try post(.leafRead(reader.leafRows(scope, leaf: leaf)))
    default: throw BenchError()
    }
  }

  // MARK: The client's side

  func hello(_ device: BenchDevice, tenant: TenantID? = nil, minimum: UInt32 = 1, maximum: UInt32 = 1) -> Hello {
    Hello(
      minimumVersion: minimum, maximumVersion: maximum, tenant: tenant ?? bench.tenant, device: device.id,
      nonce: SHA256.hash([2]), seen: device.checkpoint, clockMilliseconds: 1, agent: "test")
  }

  func transcript(_ hello: Hello, version: UInt32 = 1) -> SessionTranscript {
    var transcript = SessionTranscript()
    transcript.clientNonce = hello.nonce
    transcript.serverNonce = Self.nonce
    transcript.minimumVersion = hello.minimumVersion
    transcript.maximumVersion = hello.maximumVersion
    transcript.chosenVersion = version
    transcript.tenant = hello.tenant
    transcript.device = hello.device
    transcript.serverKey = serverKey.publicKey
    return transcript
  }

  /// Hello to Welcome.
  func open(_ device: BenchDevice, showing note: [UInt8] = []) throws -> Welcome {
    let hello = hello(device)
    try receive(.hello(hello))
    try receive(.prove(Prove(signature: device.key.sign(transcript(hello).encoded(), as: .sessionProof), seenNote: note)))
    for case .welcome(let welcome) in take() { return welcome }
    throw BenchError()
  }

  /// Subscribes to everything granted, from the beginning.
  func subscribe(_ welcome: Welcome, isLive: Bool = true) throws {
    let cursors = welcome.scopes.map { ScopeCursor(scope: $0.scope, cursor: 0) }
    try receive(.subscribe(Subscribe(cursors: cursors, isLive: isLive)))
  }
}

extension [ServerFrame] {
  var changes: [Changes] { compactMap { if case .changes(let changes) = $0 { changes } else { nil } } }
  var checkpoints: [CheckpointFrame] { compactMap { if case .checkpoint(let frame) = $0 { frame } else { nil } } }
  var outcomes: [Outcomes] { compactMap { if case .outcomes(let frame) = $0 { frame } else { nil } } }
  var entities: [FetchedEntities] { compactMap { if case .entities(let frame) = $0 { frame } else { nil } } }
  var proofs: [Proofs] { compactMap { if case .proofs(let frame) = $0 { frame } else { nil } } }
  var repairs: [RepairPage] { compactMap { if case .repairPage(let frame) = $0 { frame } else { nil } } }
  var closedScopes: [Scope] { compactMap { if case .scopeClosed(let scope) = $0 { scope } else { nil } } }
  var grantedScopes: [Scope] { compactMap { if case .scopeGranted(let head) = $0 { head.scope } else { nil } } }
}
