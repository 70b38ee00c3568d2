// Commands do not reach the process that syncs: it must look by itself.
struct LostPokesFault: Fault {
  func strike(_ simulation: Simulation) throws {
    guard let device = simulation.anyDevice() else { return simulation.missed() }
    device.note("is not woken by commands any more")
    device.losesPokes = true
  }
}
