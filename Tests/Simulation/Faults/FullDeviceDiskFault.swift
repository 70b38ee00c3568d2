// A device cannot write for a while: its program stops with an error and is started again.
struct FullDeviceDiskFault: Fault {
  func strike(_ simulation: Simulation) throws {
    guard let device = simulation.anyDevice() else { return simulation.missed() }
    device.note("has a full disk")
    device.isDiskFull = true
    simulation.healLater(simulation.random.between(1_000, 90_000)) { device.isDiskFull = false }
  }
}
