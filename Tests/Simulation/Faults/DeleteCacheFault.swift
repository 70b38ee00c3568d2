// The cache is deleted: all of it comes again, and what waits in the outbox is not touched.
struct DeleteCacheFault: Fault {
  func strike(_ simulation: Simulation) throws {
    guard let device = simulation.anyDevice() else { return simulation.missed() }
    device.deleteCache()
  }
}
