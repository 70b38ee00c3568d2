// A device counts time too fast or too slowly: its timers come early or late.
struct ClockDriftFault: Fault {
  func strike(_ simulation: Simulation) throws {
    guard let device = simulation.anyDevice() else { return }
    device.timerPermille = simulation.random.between(700, 1_400)
    device.note("counts \(device.timerPermille) ms a second")
  }
}
