// The server dies: between mark, write, news and answer, or at any order of a session. It starts again by itself.
struct KillServerFault: Fault {
  func strike(_ simulation: Simulation) throws {
    let random = simulation.random
    // What is down cannot die; but it may be laid for it to die once it is up.
    let isUp = simulation.server.isRunning
    if random.chance(permille: 200) {
      if !isUp { simulation.missed() }
      return try simulation.server.crash(restartAfter: random.between(200, 60_000))
    }
    simulation.server.stepsUntilCrash = random.below(60)
  }
}
