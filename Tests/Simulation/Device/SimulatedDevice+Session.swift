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
    tryBegan = context.now
    let life = life
    network.connect(condition) { link in
      guard self.life == life, self.isAwake, self.session == nil else {
        link?.abandon(.up)
        return
      }
      try self.unlessDead {
        self.isComing = false
        guard let link else {
          return try self.go(on: self.pacing.failed("cannot connect", mayHeal: true, randomness: self.random.next()))
        }
        try self.begin(link)
      }
    }
  }

  private func begin(_ link: SimulatedLink) throws {
    context.totals.sessions += 1
    self.link = link
    isOnce = random.chance(permille: 250)
    let keeper = try keeper
    let start = try sessionStart(outbox: keeper.outbox)
    stores = SessionStores(keeper: keeper, start: start)
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

  func sessionStart(outbox: any OutboxStore) throws(StorageError) -> SessionStart {
    var start = try SessionStart(
      identity: ClientIdentity(
        tenant: context.tenant, key: identity.key, serverKey: context.serverKey.publicKey, agent: "simulation"),
      isOnce: isOnce, versions: versions.range, outbox: outbox)
    if context.has(.forgetQuarantined) { start.quarantined = [:] }
    return start
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
    var events = [planted(event: event)]
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
    try rest(isLast: ended != nil)
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

  /// At the rest after an event: the view, if its turn has come; else somebody promises to ask again.
  private func rest(isLast: Bool) throws {
    let cost = slowestRefreshMilliseconds > 0 ? random.between(0, slowestRefreshMilliseconds) : 0
    var ends: UInt64 = 0
    let rest = try stores?.rest(isLast: isLast) {
      defer { ends = cost }
      return context.now + ends
    }
    if case .refreshed = rest { try plantedAfterRefresh() }
    guard case .askAgain(let milliseconds) = rest, let box = session, !context.has(.forgetPromise) else { return }
    after(milliseconds) {
      guard self.session === box else { return }
      self.stores?.promiseKept()
      try self.rest(isLast: false)
    }
  }

  // MARK: The end of a session

  private func end(_ end: SessionEnd) throws {
    note("session ends: \(end)")
    link?.abandon(.up)
    link = nil
    session = nil
    stores = nil
    timers = [:]
    if case .finished = end {
      let offered = try outbox.offered(lane: 0).count + outbox.offered(lane: 1).count
      guard isOnce, offered == 0 else {
        throw Violation(.notSettled, "\(name) called a session finished with \(offered) unanswered changes")
      }
      return come(after: random.between(1_000, 60_000))
    }
    if case .retry(_, let reason) = end, context.excuses.isHealthy, !habits.isHalfOpen {
      throw Violation(.retriedWithoutReason, "\(name) gave up a session: \(reason)")
    }
    try go(on: pacing.ended(end, lastedMilliseconds: context.now - tryBegan, randomness: random.next()))
  }

  /// What the live session does after a try.
  private func go(on step: WatchPacing.Step) throws {
    switch step {
    case .again(let milliseconds, _): if !context.has(.neverReconnect) { come(after: milliseconds) }
    case .settle(let stop, let detail, _): try settle(stop, detail)
    case .end(let reason): throw Violation(.stoppedWithoutReason, "\(name) does not come back: \(reason)")
    }
  }

  /// A stop needs a reason that some fault gave; a copied device goes on under a new identity.
  private func settle(_ stop: SessionStop, _ detail: String) throws {
    switch stop {
    // One that died between the two files of a new identity looks like a copy to the server.
    case .forked where context.excuses.copied.contains(id) || identity.successor != nil: try renew()
    // What is put aside is looked at once everything has come to rest.
    case .damagedEnvelope where context.excuses.hasDamage:
      try renew()
      try dieOnTheWay()
    case .replaced where context.excuses.copied.contains(id):
      // A person starts it again, some time later.
      come(after: random.between(60_000, 600_000))
    case .deviceRevoked where context.excuses.revoked.contains(id): standing = .stopped(stop)
    case .versionUnsupported where context.hasUnknownFields: standing = .stopped(stop)
    // An old copy that has grown again differs where no mending helps.
    case .rolledBack, .inconsistentLog, .unauthorized, .forked, .protocolViolation:
      guard context.excuses.hasRolledBack else { fallthrough }
      if context.has(.acceptRollback) { return come(after: 60_000) }
      standing = .stopped(stop)
    default: throw Violation(.stoppedWithoutReason, "\(name) stopped: \(stop.rawValue) \(detail)")
    }
  }
}
