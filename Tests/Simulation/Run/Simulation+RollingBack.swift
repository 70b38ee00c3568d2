// The end of a run in which the server was backed up: it comes up from the old copy. Whoever has seen more must say so, and
// once one of them has shown the server its own signature, nothing is written any more.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine

extension Simulation {
  private static let rolledBackMilliseconds: UInt64 = 20 * 60_000
  /// How long it is watched, at least, whether anything is written.
  private static let watchedMilliseconds: UInt64 = 3 * 60_000
  private static let catchUpMilliseconds: UInt64 = 5 * 60_000

  /// Where a device stood before the server forgot.
  private struct Seen {
    let device: SimulatedDevice
    let size: UInt64
    let seq: UInt64

    func isBeyond(_ state: TenantState) -> Bool { size > state.ledgerSize || seq > state.seq }
  }

  /// Everybody has seen more than the server holds now, and must say so.
  func rollBack(to old: ServerBackup) throws {
    guard try old.state.ledgerSize < server.store.state().ledgerSize else { return }
    context.note("fault", "the server comes up from an old copy")
    let seen = try settling.map { device in
      Seen(
        device: device, size: try device.outbox.checkpoints().last?.checkpoint.size ?? 0,
        seq: try device.cache.scopes().map(\.cursor).max() ?? 0)
    }
    context.answers.beginOtherHistory(seen: try sizesSeen())
    for one in seen { one.device.doze() }
    old.files.heal()
    try server.rollBack(to: old.files, restartAfter: 1_000)
    let limit = context.now + Self.rolledBackMilliseconds
    try advance { self.context.now >= limit || self.server.isRunning }
    // Only now it is known: a commit that its disk refused may be in the copy all the same.
    let state = try server.store.state()
    let watched = seen.filter { $0.isBeyond(state) }
    let fresh = try enrolOnCopy()
    if let fresh, random.chance(permille: 300) { try grow(fresh, past: seen.map(\.size).max() ?? 0) }
    try comeBack(seen.map(\.device), fresh)
    let watchedUntil = context.now + Self.watchedMilliseconds
    let lastLimit = max(limit, watchedUntil)
    try advance {
      guard self.context.now < lastLimit else { return true }
      return try self.context.now >= watchedUntil && self.believers(watched, copy: state).isEmpty
    }
    if let believer = try believers(watched, copy: state).first {
      throw Violation(.rollbackBelieved, "\(believer.name) goes on with a server that has lost acknowledged changes")
    }
  }

  /// Who goes on although the server has lost what he has seen. A cursor alone proves nothing once the server has given
  /// that number again, or while it has stopped and turns everybody away; a checkpoint always does.
  private func believers(_ watched: [Seen], copy: TenantState) throws -> [SimulatedDevice] {
    let seq = server.shown == nil ? try server.store.state().seq : .max
    return watched.filter { $0.device.standing == .current && ($0.size > copy.ledgerSize || $0.seq > seq) }.map(\.device)
  }

  /// A new device of somebody whom the copy knows: it has seen nothing that is not there, so nothing stops it. Nil if the
  /// copy knows nobody who may enrol one.
  private func enrolOnCopy() throws -> SimulatedDevice? {
    let known = try settling.filter { device in
      guard let access = try server.reader.access(of: device.id) else { return false }
      return !access.device.isRevoked && !access.member.isRemoved
        && access.device.vouchedFor.count < RuleLimits.vouchedDevices
    }
    guard server.isRunning, let first = random.pick(known) else { return nil }
    let fresh = try enrolAnother(of: first, named: "\(first.name)+late")
    fresh.versions = first.versions
    fresh.wake()
    // What it does not hold by then it does not need: it queues what it can.
    let limit = context.now + Self.catchUpMilliseconds
    var next = context.now
    try advance {
      guard self.context.now < limit else { return true }
      guard self.context.now >= next else { return false }
      next = self.context.now + Self.pollMilliseconds
      self.context.after(Self.pollMilliseconds) {}
      return try ConvergenceCheck(device: fresh, server: self.server).missing() == nil
    }
    fresh.doze()
    return fresh
  }

  /// The copy becomes as long as what everybody has seen: their notes are then beside its history, not beyond it.
  private func grow(_ fresh: SimulatedDevice, past size: UInt64) throws {
    let limit = context.now + Self.catchUpMilliseconds
    var next = context.now
    fresh.wake()
    try advance {
      guard self.context.now < limit, try self.server.store.state().ledgerSize <= size else { return true }
      guard self.context.now >= next else { return false }
      next = self.context.now + Self.pollMilliseconds
      self.context.after(Self.pollMilliseconds) { try self.workALittle(fresh) }
      return false
    }
    fresh.doze()
  }

  /// A few have worked meanwhile, and all come at about the same time.
  private func comeBack(_ devices: [SimulatedDevice], _ fresh: SimulatedDevice?) throws {
    for device in devices where random.chance(permille: 300) { try workALittle(device) }
    if let fresh {
      try workALittle(fresh)
      context.after(random.between(0, 5_000)) { fresh.wake() }
      context.after(random.between(10_000, 90_000)) { try self.workALittle(fresh) }
    }
    for device in devices { device.wake() }
  }

  private func workALittle(_ device: SimulatedDevice) throws {
    guard device.standing == .current else { return }
    try device.unlessDead {
      try Workload(device).act()
      // Whatever came of that, there is something to send.
      try device.command("pause", Workload(device).pause(), isBlind: true)
    }
  }

  /// Entries that each device knows by a checkpoint.
  private func sizesSeen() throws -> [String: UInt64] {
    try devices.reduce(into: [:]) { $0[$1.name] = try $1.outbox.checkpoints().last?.checkpoint.size }
  }
}
