// The server's disk fails when it is read or written: once, or every few times for a while.
struct ServerDiskErrorsFault: Fault {
  func strike(_ simulation: Simulation) throws {
    let disk = simulation.server.disk
    simulation.context.note("server", "has a failing disk")
    simulation.fail(disk)
    simulation.healLater(simulation.random.between(1_000, 120_000)) { disk.heal() }
  }
}
