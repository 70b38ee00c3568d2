// A wall clock jumps by hours, forwards or back: nothing may be ordered by it.
struct ClockJumpFault: Fault {
  func strike(_ simulation: Simulation) throws {
    let random = simulation.random
    let hours = Int64(random.between(0, 96)) - 48
    if random.chance(permille: 250) {
      simulation.context.note("server", "clock jumps by \(hours) h")
      simulation.server.clockTrouble.offset = hours * 3_600_000
    } else if let device = simulation.anyDevice() {
      device.note("clock jumps by \(hours) h")
      device.clockTrouble.offset = hours * 3_600_000
    } else {
      simulation.missed()
    }
  }
}
