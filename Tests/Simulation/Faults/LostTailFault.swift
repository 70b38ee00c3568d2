// A connection breaks after so many more bytes: in the middle of a frame.
struct LostTailFault: Fault {
  func strike(_ simulation: Simulation) throws {
    guard let link = simulation.random.pick(simulation.network.openLinks) else { return simulation.missed() }
    let bytes = simulation.random.below(20_000)
    simulation.context.note("network", "cuts #\(link.number) after \(bytes) bytes")
    link.bytesUntilCut = bytes
  }
}
