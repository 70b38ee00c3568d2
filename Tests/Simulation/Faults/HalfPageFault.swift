// A device dies in the middle of a page: the first half of its rows is there, and the cursor stands where they end.
struct HalfPageFault: Fault {
  func strike(_ simulation: Simulation) throws {
    guard let device = simulation.anyDevice() else { return simulation.missed() }
    device.habits.halvesPage = true
  }
}
