// The server forgets departures, as it does after half a year: who has not heard of them is mended by digests.
import Storage

struct ForgottenDeparturesFault: Fault {
  func strike(_ simulation: Simulation) throws {
    let server = simulation.server
    guard simulation.canWriteNow else { return simulation.missed() }
    let seq = try server.store.state().seq
    simulation.context.note("server", "forgets departures up to \(seq)")
    simulation.context.excuses.hasForgottenDepartures = true
    try server.store.discard(StoreDiscard(departuresThrough: seq, stagesThrough: 0))
  }
}
