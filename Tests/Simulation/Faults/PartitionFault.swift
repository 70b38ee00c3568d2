// A device without a network for a while: open connections hang, new ones do not come about.
struct PartitionFault: Fault {
  func strike(_ simulation: Simulation) throws {
    guard let device = simulation.anyDevice() else { return simulation.missed() }
    device.condition.isDown = true
    device.note("has no network")
    simulation.healLater(simulation.random.between(1_000, 300_000)) { device.condition.isDown = false }
  }
}
