// A device's disk fails when it is read or written: once, or every few times for a while. Its program stops and is started again.
struct DeviceDiskErrorsFault: Fault {
  func strike(_ simulation: Simulation) throws {
    guard let device = simulation.anyDevice() else { return simulation.missed() }
    device.note("has a failing disk")
    simulation.fail(device.disk)
    simulation.healLater(simulation.random.between(1_000, 120_000)) { device.disk.heal() }
  }
}
