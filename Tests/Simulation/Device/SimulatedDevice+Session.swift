// Connecting, feeding the machine, and what comes after a session: the client's shell in virtual time.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Trust

extension SimulatedDevice {
  // MARK: Connecting

  /// No attempt to connect takes longer.
  static let connectingMilliseconds: UInt64 = 60_000

  /// The next session, later.
  func come(after milliseconds: UInt64) {
    isComing = true
    comesBy = context.now + milliseconds + Self.connectingMilliseconds
    after(milliseconds) { try self.connect() }
  }

  private func connect() throws {
    guard isAwake, session == nil else { return }
    let life = life
    network.connect(condition) { link in
      guard self.life == life, self.isAwake, self.session == nil else {
        link?.abandon(.up)
        return
      }
      try self.unlessDead {
        self.isComing = false
        guard let link else { return self.retry(after: 0, "cannot connect") }
        try self.begin(link)
      }
    }
  }

  private func begin(_ link: SimulatedLink) throws {
    context.totals.sessions += 1
    sessionBegan = context.now
    self.link = link
    let seen = try outbox.checkpoints().last?.checkpoint ?? SeenCheckpoint()
    isOnce = random.chance(permille: 250)
    let start = SessionStart(
      identity: ClientIdentity(
        tenant: context.tenant, key: identity.key, serverKey: context.serverKey.publicKey, agent: "simulation"),
      isOnce: isOnce, versions: versions.range, checkpoint: seen,
      lanes: try outbox.lanes(), offered: [0: try outbox.offered(lane: 0), 1: try outbox.offered(lane: 1)],
      owedSeq: try outbox.replayable().compactMap(\.answer?.commitSeq).max() ?? 0)
    signing = EnvelopeSigning(tenant: context.tenant, key: identity.key, checkpoint: seen)
    changed = []
    habits.sessionBegins()
    session = SessionBox(start)
    let life = life
    link.attach(
      SimulatedLink.Endpoint(
        received: { [unowned self] bytes in if self.life == life, self.link === link { try unlessDead { try received(bytes) } }
        },
        closed: { [unowned self] in
          if self.life == life, self.link === link { try unlessDead { try handle(.pipeClosed(reason: "closed")) } }
        }), receiving: .down)
    note("connects as \(id.hex.prefix(6)) over #\(link.number)")
    try handle(.connected(nonce: random.digest(), certificate: nil))
  }

  private func received(_ bytes: [UInt8]) throws {
    do {
      let frame = try FrameCodec.decodeServerFrame(bytes, as: .binary)
      if let frame = planted(received: frame) { try handle(.frameReceived(frame)) }
    } catch let error as WireError {
      throw Violation(.storeFailed, "the server sent a frame that cannot be read: \(error.sentence)")
    }
  }

  // MARK: The machine

  /// One event with everything that follows from it.
  func handle(_ event: ClientSessionEvent) throws {
    guard let box = session else { return }
    habits.tell(event)
    var events = [event]
    var ended: SessionEnd?
    while !events.isEmpty, ended == nil {
      for order in box.machine.handle(events.removeFirst(), now: wallMilliseconds) {
        try countOrder()
        switch order {
        case .sendFrame(let frame): send(frame)
        case .setTimer(let timer, let milliseconds): set(timer, milliseconds)
        case .cancelTimer(let timer): timers[timer] = nil
        case .end(let end): ended = end
        default: events += try execute(order)
        }
      }
    }
    try refreshView()
    if let ended { try end(ended) }
  }

  private func countOrder() throws {
    guard let left = ordersUntilKill else { return }
    ordersUntilKill = left > 0 ? left - 1 : nil
    if left == 0 { throw DeviceDied() }
  }

  private func send(_ frame: ClientFrame) {
    if case .subscribe(let subscribe) = frame, let link { server.costAudit.subscribes(subscribe, over: link.number) }
    let frame = planted(sent: frame)
    note("> \(FrameNames.name(frame))")
    do {
      let bytes = try FrameCodec.encode(frame, as: .binary)
      link?.send(bytes + server.unknownField, .up)
      repeatPush(frame, bytes)
    } catch {
      preconditionFailure("the machine made a frame that does not fit: \(error.sentence)")
    }
  }

  private func set(_ timer: SessionTimer, _ milliseconds: UInt64) {
    if context.has(.neverArmSilence), [.silence, .answer, .handshake].contains(timer) { return }
    if context.has(.neverRearm), !habits.armed.insert(timer).inserted { return }
    timerGeneration += 1
    let generation = timerGeneration
    timers[timer] = generation
    after(milliseconds * timerPermille / 1_000) {
      guard self.timers[timer] == generation else { return }
      self.timers[timer] = nil
      try self.handle(.timerFired(timer))
    }
  }

  /// Brings the view up to date at the rest after an event.
  private func refreshView() throws {
    guard needsRefresh else { return }
    needsRefresh = false
    let keys = changed
    changed = []
    if context.has(.skipRefresh) { return }
    _ = try keeper.refresh(changed: keys)
  }

  // MARK: The end of a session

  private func end(_ end: SessionEnd) throws {
    note("session ends: \(end)")
    link?.abandon(.up)
    link = nil
    session = nil
    timers = [:]
    switch end {
    case .finished:
      let offered = try outbox.offered(lane: 0).count + outbox.offered(lane: 1).count
      guard isOnce, offered == 0 else {
        throw Violation(.notSettled, "\(name) called a session finished with \(offered) unanswered changes")
      }
      come(after: random.between(1_000, 60_000))
    case .retry(let milliseconds, let reason): retry(after: milliseconds, reason)
    case .stopped(let stop, let detail): try settle(stop, detail)
    }
  }

  private func retry(after milliseconds: UInt64, _ reason: String) {
    guard !context.has(.neverReconnect) else { return }
    if context.now - sessionBegan > Backoff.lastCeilingMilliseconds { backoff.succeeded() }
    come(after: backoff.failed(serverAskedMilliseconds: milliseconds, randomness: random.next()))
  }

  /// A stop needs a reason that some fault gave; a copied device goes on under a new identity.
  private func settle(_ stop: SessionStop, _ detail: String) throws {
    switch stop {
    case .forked where context.excuses.copied.contains(id): try renew()
    case .replaced where context.excuses.copied.contains(id):
      // A person starts it again, some time later.
      come(after: random.between(60_000, 600_000))
    case .deviceRevoked where context.excuses.revoked.contains(id): standing = .stopped(stop)
    case .versionUnsupported where context.hasUnknownFields: standing = .stopped(stop)
    case .rolledBack, .inconsistentLog, .unauthorized, .forked:
      guard context.excuses.hasRolledBack else { fallthrough }
      if context.has(.acceptRollback) { return come(after: 60_000) }
      standing = .stopped(stop)
    default: throw Violation(.stoppedWithoutReason, "\(name) stopped: \(stop.rawValue) \(detail)")
    }
  }
}
