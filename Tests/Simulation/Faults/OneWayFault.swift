// Frames arrive in one direction only: whoever waits for the other one must notice by himself.
struct OneWayFault: Fault {
  func strike(_ simulation: Simulation) throws {
    guard let device = simulation.anyDevice() else { return simulation.missed() }
    let isUp = simulation.random.chance(permille: 500)
    if isUp { device.condition.isUpBlocked = true } else { device.condition.isDownBlocked = true }
    device.note("can only be \(isUp ? "reached" : "heard")")
    simulation.healLater(simulation.random.between(1_000, 400_000)) {
      if isUp { device.condition.isUpBlocked = false } else { device.condition.isDownBlocked = false }
    }
  }
}
