// The server cannot write for a while; it must say so and lose nothing.
struct FullServerDiskFault: Fault {
  func strike(_ simulation: Simulation) throws {
    let server = simulation.server
    simulation.context.note("server", "has a full disk")
    server.fillDisk(true)
    simulation.healLater(simulation.random.between(1_000, 90_000)) { server.fillDisk(false) }
  }
}
