// When everybody holds the same and nothing is in the way: are the sessions alive that look alive? A session that is deaf or
// has forgotten to ask looks like one with nothing to do, so somebody does something, at once and after a long silence.
import ReviewModel
import Storage
import SyncEngine

extension Simulation {
  /// Longer than any limit of a silence.
  private static let silenceMilliseconds: UInt64 = 150_000
  /// A heartbeat finds what nobody was woken for.
  private static let heartbeatMilliseconds: UInt64 = 60_000
  private static let promptMilliseconds: UInt64 = 10_000
  /// Everybody is back by then: a person waits a minute before a single sync, and a device two before it connects again.
  private static let returnMilliseconds: UInt64 = 20 * 60_000
  private static let lookMilliseconds: UInt64 = 500

  func probe() throws {
    // What was sent before everything was well arrives first.
    try wait(
      until: context.now + 4 * (context.plan.latency.upperBound + context.plan.storeMilliseconds) + Self.lookMilliseconds)
    disarm()
    context.excuses.isHealthy = true
    defer { context.excuses.isHealthy = false }
    try probeLive()
    if random.chance(permille: 250) {
      context.note("plan", "nobody does anything")
      try wait(until: context.now + Self.silenceMilliseconds)
      try probeLive()
    }
    if random.chance(permille: 500) { try probeEverybody() }
  }

  /// What waits for its moment does not come any more.
  private func disarm() {
    for link in network.openLinks {
      link.losesAnswers = false
      link.bytesUntilCut = nil
    }
    for device in devices {
      device.habits.halvesPage = false
      device.habits.repeatsPush = false
      device.habits.isHalfOpen = device.session.map { !$0.machine.progress.isOpen || !isHeld(device.link) } ?? false
    }
  }

  // MARK: Live sessions

  /// Whether a session is one at both ends: what became of the other end may not be known yet.
  private func isLive(_ device: SimulatedDevice) -> Bool {
    device.session?.machine.progress.isOpen == true && !device.isOnce && isHeld(device.link)
  }

  private func isHeld(_ link: SimulatedLink?) -> Bool {
    guard let link, !link.isCut else { return false }
    return server.conversations.values.contains { $0.link === link && !$0.isOver }
  }

  /// One says something; whoever has a live session holds it within the time that the network takes.
  private func probeLive() throws {
    let live = settling.filter(isLive).map { (device: $0, session: $0.session) }
    guard let speaker = random.pick(live.filter { !$0.device.losesPokes } + live)?.device else { return }
    try say(speaker)
    // What comes shortly after something else waits for its turn in the view, and must not wait for ever.
    try wait(until: context.now + random.between(1, 600))
    try say(speaker)
    let prompt = Self.promptMilliseconds + 8 * (context.plan.latency.upperBound + context.plan.storeMilliseconds)
    let limit = context.now + prompt + (speaker.losesPokes ? Self.heartbeatMilliseconds : 0)
    while let late = try firstLate(live) {
      guard context.now < limit else { throw Violation(.tooSlow, late) }
      try wait(until: context.now + Self.lookMilliseconds)
    }
  }

  private func firstLate(_ live: [(device: SimulatedDevice, session: SimulatedDevice.SessionBox?)]) throws -> String? {
    for (device, session) in live where device.session === session {
      if let missing = try ConvergenceCheck(device: device, server: server).missing() { return missing.detail }
      if device.needsRefresh { return "\(device.name) has not brought its view up to date" }
    }
    return nil
  }

  // MARK: Everybody

  /// Everybody says something; all of it is answered and seen by all.
  private func probeEverybody() throws {
    for device in settling { try say(device) }
    let limit = context.now + Self.returnMilliseconds
    while let missing = try self.missing() {
      guard context.now < limit else { throw Violation(.tooSlow, missing.detail) }
      try wait(until: context.now + Self.lookMilliseconds)
    }
    context.note("plan", "everybody holds the same again")
  }

  /// A remark on something that he sees; without anything, one that the server refuses, which is an answer, too.
  private func say(_ device: SimulatedDevice) throws {
    let workload = Workload(device)
    let subject = random.pick(try workload.subjects()) ?? SubjectEntity()
    try device.unlessDead { try device.command("probe", workload.remark(on: subject), isBlind: true) }
  }

  private func wait(until moment: UInt64) throws {
    guard moment > context.now else { return }
    context.after(moment - context.now) {}
    try advance { self.context.now >= moment }
  }
}
