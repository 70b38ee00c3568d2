// A connection breaks when the server has decided and before its answer arrives: after the reconnect the same changes come again.
struct LostAnswersFault: Fault {
  func strike(_ simulation: Simulation) throws {
    guard let link = simulation.random.pick(simulation.network.openLinks) else { return simulation.missed() }
    simulation.context.note("network", "loses the next answer on #\(link.number)")
    link.losesAnswers = true
  }
}
