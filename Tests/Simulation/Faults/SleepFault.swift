// The lid is closed for a while; commands are still queued by other processes.
struct SleepFault: Fault {
  func strike(_ simulation: Simulation) throws {
    guard let device = simulation.anyDevice(where: { $0.isAwake }) else { return simulation.missed() }
    device.doze()
    simulation.later(simulation.random.between(5_000, 900_000)) { device.wake() }
  }
}
