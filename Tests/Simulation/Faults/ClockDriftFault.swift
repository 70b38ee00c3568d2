// A device counts time too fast or too slowly: its timers come early or late. Or a wall clock gains or loses hours in a day.
struct ClockDriftFault: Fault {
  func strike(_ simulation: Simulation) throws {
    if simulation.random.chance(permille: 300) {
      let drift = Int64(simulation.random.between(0, 400)) - 200
      simulation.context.note("server", "clock gains \(drift) ms a second")
      simulation.server.clockTrouble.driftPermille = drift
      return
    }
    guard let device = simulation.anyDevice() else { return simulation.missed() }
    device.timerPermille = simulation.random.between(700, 1_400)
    device.clockTrouble.driftPermille = Int64(device.timerPermille) - 1_000
    device.note("counts \(device.timerPermille) ms a second")
  }
}
