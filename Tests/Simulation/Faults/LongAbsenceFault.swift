// Everybody is away for thirty days, and one of them works all the time without a network.
struct LongAbsenceFault: Fault {
  static let days: UInt64 = 30

  var strikesLimit: Int? { 1 }

  func strike(_ simulation: Simulation) throws {
    // Much work needs somebody who can create: the first device is that of an editor.
    let absent =
      simulation.offlineChanges > 0 ? simulation.devices[0] : simulation.anyDevice { $0.standing == .current && !$0.isMuted }
    guard let absent else { return simulation.missed() }
    let month = Self.days * 86_400_000
    simulation.beAway(for: month)
    for device in simulation.devices { device.doze() }
    absent.note("works offline for \(Self.days) days")
    if simulation.offlineChanges > 0 {
      try Workload(absent).jot(simulation.offlineChanges)
    } else {
      for _ in 0..<simulation.offlineCommands { try Workload(absent).act() }
    }
    for device in simulation.devices {
      let early = device === absent ? 0 : simulation.random.between(0, 1_800_000)
      simulation.context.after(month - early) { device.wake(whileAway: true) }
    }
  }
}
