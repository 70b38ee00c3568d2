// A device dies: at once, or between two orders of its machine. It starts again by itself.
struct KillDeviceFault: Fault {
  func strike(_ simulation: Simulation) throws {
    guard let device = simulation.anyDevice(where: { $0.isAwake }) else { return simulation.missed() }
    if simulation.random.chance(permille: 300) { return device.kill() }
    device.ordersUntilKill = simulation.random.below(40)
  }
}
