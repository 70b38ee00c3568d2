// Everything takes seconds for a while.
struct SlowNetworkFault: Fault {
  func strike(_ simulation: Simulation) throws {
    guard let device = simulation.anyDevice() else { return simulation.missed() }
    device.condition.extraLatency = simulation.random.between(500, 12_000)
    device.note("has a slow network: \(device.condition.extraLatency) ms")
    simulation.healLater(simulation.random.between(5_000, 180_000)) { device.condition.extraLatency = 0 }
  }
}
