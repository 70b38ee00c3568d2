// Drives one session's machine and carries out its orders. Whatever takes time is started elsewhere and comes back as an
// event, so that the session is never deaf.
import Logging
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Trust

struct SessionDriver {
  private(set) var machine: ServerSession
  private let host: TenantHost
  private let mailbox: SessionMailbox
  private let outbound: Outbound
  private let encoding: WireEncoding
  private let logger: Logger
  private var tenant: Tenant?
  private var ticket: UInt64?
  private var isClosing = false

  init(
    machine: consuming ServerSession, host: TenantHost, mailbox: SessionMailbox, outbound: Outbound, encoding: WireEncoding,
    logger: Logger
  ) {
    self.machine = machine
    self.host = host
    self.mailbox = mailbox
    self.outbound = outbound
    self.encoding = encoding
    self.logger = logger
  }

  mutating func run(_ items: AsyncStream<SessionMailbox.Item>) async {
    for await item in items {
      switch item {
      // It was said of the queue before it became full again; there will be another word when that has passed.
      case .event(.becameWritable) where outbound.isChoked: break
      case .event(let event): await step(event)
      case .frame(let event, let handled):
        await step(event)
        handled.resume()
      case .ended: return
      }
    }
  }

  /// Gives back what the session held.
  func leave() {
    guard let tenant else { return }
    if let ticket { tenant.fanOut.leave(ticket) }
    host.release(tenant)
  }

  private mutating func step(_ event: ServerSessionEvent) async {
    for order in machine.handle(event, nowMilliseconds: host.environment.uptimeMilliseconds()) { await carryOut(order) }
  }

  private mutating func carryOut(_ order: ServerSessionOrder) async {
    switch order {
    case .send(let frame): await send(frame)
    case .sendShared(let shared): await send(shared)
    case .identify(let tenant, let device): await identify(tenant, device)
    case .open(let identity, let seen): open(identity, seen)
    case .follow(let scopes): if let ticket { tenant?.fanOut.follow(ticket, scopes: scopes) }
    case .verify(let number, let envelopes): verify(number, envelopes)
    case .commit(let number, let envelopes): commit(number, envelopes)
    case .stopWriting(let shown): if let tenant { await host.stopWriting(tenant, until: shown) }
    case .close(let code):
      isClosing = true
      outbound.close(code: code)
    default: read(order)
    }
  }

  // MARK: Sending

  private mutating func send(_ frame: ServerFrame) async {
    if case .goodbye(let goodbye) = frame { host.metrics.saidGoodbye(goodbye.code) }
    do {
      await append(try FrameCodec.encode(frame, as: encoding))
    } catch {
      // A frame that was split to fit does; anything else is a fault of this program, and the session ends.
      logger.error("frame not sent", metadata: ["code": "\(error.code.rawValue)"])
      if !isClosing { mailbox.post(.storeFailed) }
    }
  }

  private mutating func send(_ shared: SharedChanges) async {
    do {
      if let bytes = try shared.encoded(as: encoding) { await append(bytes) }
    } catch {
      logger.error("changes not sent", metadata: ["code": "\(error.code.rawValue)"])
      mailbox.post(.storeFailed)
    }
  }

  private mutating func append(_ bytes: [UInt8]) async {
    // Orders that were given before the machine knew are still carried out: the queue ends a few frames over its bound.
    if outbound.append(bytes) { await step(.becameChoked) }
  }

  // MARK: Beginning

  private mutating func identify(_ id: TenantID, _ device: Digest) async {
    do {
      guard let tenant = try await host.acquire(id) else { return mailbox.post(.identified(nil)) }
      self.tenant = tenant
      let identity = try await BlockingPool.run { try tenant.reader.identity(of: device) }
      mailbox.post(.identified(identity))
    } catch {
      fail(error)
    }
  }

  private mutating func open(_ identity: SessionIdentity, _ seen: SeenCheckpoint) {
    guard let tenant else { return }
    ticket = tenant.fanOut.join(device: identity.device.id, mailbox: mailbox)
    let now = host.environment.wallMilliseconds()
    reading { try tenant.reader.opening(device: identity.device.id, seen: seen, nowMilliseconds: now).map { .opened($0) } }
  }

  // MARK: Pushing

  private func verify(_ number: UInt64, _ envelopes: [PushedEnvelope]) {
    guard let tenant, let identity = machine.identity else { return }
    let mailbox = mailbox
    BlockingPool.start {
      do throws(EnvelopeFault) {
        let verified = try envelopes.map { pushed throws(EnvelopeFault) in
          try VerifiedEnvelope.check(
            pushed, tenant: tenant.id, device: identity.device.id, key: identity.device.publicKey)
        }
        mailbox.post(.verified(ticket: number, .success(verified)))
      } catch {
        mailbox.post(.verified(ticket: number, .failure(error)))
      }
    }
  }

  private func commit(_ number: UInt64, _ envelopes: [VerifiedEnvelope]) {
    let mailbox = mailbox
    let logger = logger
    tenant?.writer.submit(envelopes) { result in
      switch result {
      case .success(let results): mailbox.post(.committed(ticket: number, results))
      // That was logged when it was found.
      case .failure(let error) where error.isOldCopy: mailbox.post(.oldCopyRefused)
      case .failure(let error):
        logger.error("commit failed", metadata: ["code": "\(error.code.rawValue)"])
        mailbox.post(.storeFailed)
      }
    }
  }

  // MARK: Reading

  private func read(_ order: ServerSessionOrder) {
    guard let tenant, let device = machine.device else { return }
    let reader = tenant.reader
    if case .compareLeaves = order { host.metrics.repairAsked() }
    reading {
      switch order {
      case .readHead: .headRead(seq: try reader.headSeq())
      case .readPage(let request): .pageRead(request, try reader.page(request))
      case .readCheckpoint(let scopes, let since): .checkpointRead(try reader.checkpoint(scopes: scopes, since: since))
      case .readHeads(let scopes): .headsRead(try reader.heads(scopes))
      case .readWaiting: .waitingRead(try reader.waiting(device: device))
      case .readEntities(let keys, let granted):
        try { () throws -> ServerSessionEvent in
          let (entries, keysRead) = try reader.entities(keys, granted: granted)
          return .entitiesRead(entries, keysRead: keysRead)
        }()
      case .readProofs(let request, let position):
        .proofsRead(try reader.proofs(request, position: position, device: device))
      case .compareLeaves(let scope, let leaves):
        try { () throws -> ServerSessionEvent in
          let (head, differing) = try reader.compare(scope, leaves: leaves)
          return .leavesCompared(head: head, leaves: differing)
        }()
      case .readLeaf(let scope, let leaf): .leafRead(try reader.leafRows(scope, leaf: leaf))
      default: nil
      }
    }
  }

  private func reading(_ work: @escaping @Sendable () throws -> ServerSessionEvent?) {
    let mailbox = mailbox
    let logger = logger
    BlockingPool.start {
      do {
        if let event = try work() { mailbox.post(event) }
      } catch {
        Self.report(error, logger)
        mailbox.post(.storeFailed)
      }
    }
  }

  private func fail(_ error: any Error) {
    Self.report(error, logger)
    mailbox.post(.storeFailed)
  }

  private static func report(_ error: any Error, _ logger: Logger) {
    logger.error("store failed", metadata: ["code": "\((error as? StorageError)?.code.rawValue ?? "unknown")"])
  }
}
