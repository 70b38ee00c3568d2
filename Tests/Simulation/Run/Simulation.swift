// One run: a pure function of its plan. It founds a tenant, lets people work while faults strike, stops the faults, and waits
// in virtual time until everybody holds the same.
import ReviewModel
import Storage
import SyncEngine
import Trust

package final class Simulation {
  static let settleMilliseconds: UInt64 = 60 * 60_000
  static let pollMilliseconds: UInt64 = 10_000

  let context: SimulationContext
  let random: SeededRandom
  let network: SimulatedNetwork
  let server: SimulatedServer
  private(set) var devices: [SimulatedDevice] = []
  private(set) var activeUntil: UInt64
  private var strikes: [FaultKind: Int] = [:]
  private var isSettling = false
  /// All of the time in which everybody is away, what is still to come of it included.
  private var awayMilliseconds: UInt64 = 0
  /// The strike that is under way finds nothing to do.
  private var hasMissed = false
  var oldCopy: ServerBackup?

  /// - Parameters:
  ///   - keepsTrace: whether the lines of the trace are kept.
  ///   - sink: who reads the trace along.
  package init(plan: SimulationPlan, keepsTrace: Bool = false, sink: ((String) -> Void)? = nil) {
    context = SimulationContext(plan: plan, trace: Trace(isKept: keepsTrace, sink: sink))
    random = context.random.fork()
    network = SimulatedNetwork(context: context)
    server = SimulatedServer(context: context)
    activeUntil = plan.activeMinutes * 60_000
    network.accept = { [unowned server] in server.accept($0) }
  }

  package var traceLines: [String] { context.trace.lines }
  package var fingerprint: UInt64 { context.trace.fingerprint }
  package var now: UInt64 { context.now }

  /// What the run amounted to so far.
  package var totals: SimulationTotals {
    var totals = context.totals
    totals.virtualMilliseconds = context.now
    totals.activeMilliseconds = min(context.now, activeUntil) - (awayMilliseconds - timeAway)
    totals.steps = context.timeline.stepCount
    totals.rowsSent = server.costAudit.rowsSent
    totals.bytesSent = server.costAudit.bytesSent
    return totals
  }

  /// - Throws: `Violation`, the first promise that was broken.
  package func run() throws {
    context.note("plan", context.plan.summary)
    try found()
    for device in devices {
      device.wake()
      work(device)
    }
    if !context.plan.faults.isEmpty { strikeLater() }
    if !context.plan.disk.faults.isEmpty { strikeDiskLater() }
    try advance { self.context.now >= self.activeUntil }
    try settle()
    try probe()
    if let oldCopy { try rollBack(to: oldCopy) }
  }

  /// Lets go of everything: what is to happen, links and their ends hold each other.
  func dispose() {
    context.timeline.clear()
    network.dispose()
    server.conversations = [:]
    server.submissions = []
    for device in devices {
      device.link = nil
      device.session = nil
    }
  }

  // MARK: Time

  /// Lets things happen until the condition holds.
  func advance(until isDone: () throws -> Bool) throws {
    while try !isDone(), context.timeline.nextAt != nil {
      try context.timeline.step()
      if let violation = server.ledgerAudit.violation { throw violation }
      for device in devices where device.waitsForNothing {
        throw Violation(.timerMissing, "\(device.name) waits for nothing")
      }
    }
  }

  /// The rest of a fault; nothing of it happens once faults have stopped.
  func later(_ milliseconds: UInt64, _ action: @escaping Timeline.Action) {
    context.after(milliseconds) { if !self.isSettling { try self.withQuietDisks(action) } }
  }

  /// Heals, and lets what was held back go on.
  func healLater(_ milliseconds: UInt64, _ action: @escaping () -> Void) {
    later(milliseconds) {
      action()
      try self.network.flush()
    }
  }

  /// Nobody works for so long.
  func beAway(for milliseconds: UInt64) {
    awayMilliseconds = awayMilliseconds - timeAway + milliseconds
    context.awayUntil = context.now + milliseconds
    activeUntil = max(activeUntil, context.awayUntil + 120_000)
  }

  /// Until people and faults are back, in milliseconds.
  var timeAway: UInt64 { max(context.awayUntil, context.now) - context.now }

  // MARK: Devices

  @discardableResult
  func addDevice(
    named name: String, identity: SimulatedDevice.Identity, files: any DeviceFiles
  ) -> SimulatedDevice {
    // Copies of a device, and of its copies, are told apart.
    var ownName = name
    while devices.contains(where: { $0.name == ownName }) { ownName += "'" }
    let device = SimulatedDevice(
      name: ownName, identity: identity, context: context, network: network, server: server, files: files)
    devices.append(device)
    if context.now > 0 { work(device) }
    return device
  }

  func anyDevice(where isIncluded: (SimulatedDevice) -> Bool = { _ in true }) -> SimulatedDevice? {
    random.pick(devices.filter(isIncluded))
  }

  /// Nothing that a revoked device and those it vouched for say counts by itself, and none of them must settle.
  func revoke(_ device: Digest) {
    context.excuses.revoked.insert(device)
    for other in devices where other.identity.lineage.contains(device) { context.excuses.revoked.insert(other.id) }
  }

  // MARK: People and faults

  private func work(_ device: SimulatedDevice) {
    let pause = context.plan.commandPauseSeconds * 1_000
    context.after(timeAway + random.between(1, 2 * pause)) {
      guard self.context.now < self.activeUntil else { return }
      if self.timeAway == 0, device.standing == .current, !device.isMuted {
        try device.unlessDead { try Workload(device).act() }
        try device.files.quietly { try self.glance(at: device) }
      }
      self.work(device)
    }
  }

  /// Now and then: is what the device shows what a full replay makes of it?
  private func glance(at device: SimulatedDevice) throws {
    // Where rows were lost or damaged on purpose, nobody can say what must be shown before they are mended or put aside.
    guard random.chance(permille: 100), !context.excuses.hasLostRows, device.files.damage.isEmpty,
      try device.keeper.isCurrent(),
      device.session == nil || !device.needsRefresh
    else { return }
    if let difference = try ConvergenceCheck(device: device, server: server).viewDifference() {
      throw Violation(.viewWrong, "\(device.name): \(difference)")
    }
  }

  private func strikeLater() {
    let pause = context.plan.faultPauseSeconds * 1_000
    context.after(timeAway + random.between(pause / 4, 2 * pause)) {
      guard self.context.now < self.activeUntil else { return }
      if self.timeAway == 0, let kind = self.random.pick(self.context.plan.faults) { try self.strike(kind) }
      self.strikeLater()
    }
  }

  /// Lets a fault strike now, and counts it if it finds something to strike at.
  package func strike(_ kind: FaultKind) throws {
    let fault = kind.fault
    if let limit = fault.strikesLimit, strikes[kind, default: 0] >= limit { return }
    strikes[kind, default: 0] += 1
    context.totals.strikes += 1
    context.note("fault", kind.rawValue)
    hasMissed = false
    defer { if !hasMissed { tookEffect(kind) } }
    try withQuietDisks { try fault.strike(self) }
  }

  /// Said by a fault that does nothing, or nothing yet: the strike is not counted.
  func missed() { hasMissed = true }

  /// Said by a fault whose effect comes later, once it is there.
  func tookEffect(_ kind: FaultKind) { context.totals.tookEffect(kind.rawValue) }

  /// How much is done by somebody who is away.
  var offlineCommands: Int { random.below(Int(20 * context.plan.activeMinutes) + 10) }

  var offlineChanges: Int { context.plan.offlineChanges }

  // MARK: The end

  /// Faults stop, and everything must come to rest.
  private func settle() throws {
    context.note("plan", "faults stop")
    isSettling = true
    context.awayUntil = 0
    try healDisks()
    server.disk.heal()
    server.stepsUntilCrash = nil
    server.deafLink = nil
    // Only where programs differ: whoever is started again for nothing would not show that he waits for nothing.
    if context.hasUnknownFields { try updateEverything() }
    for device in devices {
      device.condition.heal()
      device.isDiskFull = false
      device.disk.heal()
      device.losesRow = false
      device.habits.damagesRow = nil
      device.habits.diesOnTheWay = false
      device.ordersUntilKill = nil
      device.wake()
    }
    try network.flush()
    let began = context.now
    let limit = began + Self.settleMilliseconds
    while let missing = try self.missing() {
      guard context.now < limit else { throw missing }
      let next = context.now + Self.pollMilliseconds
      context.after(Self.pollMilliseconds) {}
      try advance { self.context.now >= next }
    }
    context.totals.settleMilliseconds = context.now - began
    try server.ledgerAudit.compare(with: server.store)
    try server.ledgerAudit.erasures.compare(with: server.store)
    try verifyLedger()
    try context.promises.compare(with: server.ledgerAudit, devices: Set(settling.map(\.name)))
    context.note("plan", "everybody holds the same")
  }

  /// The devices that must come to rest.
  var settling: [SimulatedDevice] {
    devices.filter { $0.standing == .current && !context.excuses.revoked.contains($0.id) }
  }

  func missing() throws -> Violation? {
    guard server.isRunning else { return Violation(.notSettled, "the server is down") }
    for device in settling {
      if let missing = try ConvergenceCheck(device: device, server: server).missing() { return missing }
    }
    for device in settling {
      if let difference = try ConvergenceCheck(device: device, server: server).difference() { return difference }
      if let kept = try server.ledgerAudit.erasures.kept(by: device) {
        return Violation(.erasedKept, "\(device.name): \(kept)")
      }
    }
    return server.ledgerAudit.revocations.stillThere(devices)
  }
}
