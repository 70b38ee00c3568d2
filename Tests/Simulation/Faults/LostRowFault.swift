// A cache loses a row that it was given: the digests must find it, and mend it.
struct LostRowFault: Fault {
  func strike(_ simulation: Simulation) throws {
    guard let device = simulation.anyDevice() else { return simulation.missed() }
    simulation.context.excuses.hasLostRows = true
    device.losesRow = true
  }
}
