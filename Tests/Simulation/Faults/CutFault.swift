// A connection breaks now, with whatever is on its way.
struct CutFault: Fault {
  func strike(_ simulation: Simulation) throws {
    guard let link = simulation.random.pick(simulation.network.openLinks) else { return simulation.missed() }
    simulation.context.note("network", "cuts #\(link.number)")
    link.cut()
  }
}
