// One queued change kills the server whenever it is decided, until the server has learned to park it.
import ReviewModel
import Storage

struct PoisonFault: Fault {
  var strikesLimit: Int? { 1 }

  func strike(_ simulation: Simulation) throws {
    guard let device = simulation.anyDevice(), let row = simulation.random.pick(try device.outbox.unanswered()) else {
      return simulation.missed()
    }
    device.note("has a poisoned change \(row.mutation.mutationID.hex.prefix(6))")
    simulation.server.store.poison = row.mutation.mutationID
  }
}
