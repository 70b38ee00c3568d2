// The server comes up from an old copy of its files. Nobody who has seen more may go on as if nothing had happened.
struct RollBackServerFault: Fault {
  var strikesLimit: Int? { 1 }

  /// Only makes the copy; the run ends with the restore.
  func strike(_ simulation: Simulation) throws {
    guard simulation.server.isRunning else { return simulation.missed() }
    simulation.context.note("server", "is backed up")
    simulation.oldCopy = try simulation.server.store.backup()
  }
}
