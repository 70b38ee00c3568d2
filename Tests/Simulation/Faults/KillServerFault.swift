// The server dies: between mark, write, news and answer, or at any order of a session. It starts again by itself.
struct KillServerFault: Fault {
  func strike(_ simulation: Simulation) throws {
    let random = simulation.random
    if random.chance(permille: 200) { return try simulation.server.crash(restartAfter: random.between(200, 60_000)) }
    simulation.server.stepsUntilCrash = random.below(60)
  }
}
