// A disk changes a bit of something that waits to be sent: it must never be sent so. It is put aside and
// shown, or signed anew where only the envelope is broken, and holds nothing up.
import Storage
import Trust

struct DamagedRowFault: Fault {
  func strike(_ simulation: Simulation) throws {
    simulation.missed()
    guard let device = simulation.anyDevice(where: { $0.standing == .current }) else { return }
    device.habits.damagesRow = simulation.random.chance(permille: 500) ? .queued : .offered
  }
}

extension SimulatedDevice {
  /// Damages one of the rows that have just come so far, if that is to happen. A row that was offered is in memory, too, where
  /// no disk changes it: the process ends soon.
  func damage(_ mutations: [QueuedMutation], at state: OutboxRowState) throws(StorageError) {
    guard habits.damagesRow == state, let mutation = random.pick(mutations)?.mutationID,
      let row = try files.outbox().row(mutation: mutation)
    else { return }
    habits.damagesRow = nil
    let place = files.damage.strike(row, random: random)
    context.excuses.hasDamage = true
    // A broken signature can be made anew.
    if place != .envelope {
      context.excuses.damaged.insert(mutation)
      context.promises.release([mutation])
    }
    context.totals.tookEffect(FaultKind.damagedRow.rawValue)
    note("row \(row.row) is damaged in its \(place)")
    if state == .offered { ordersUntilKill = random.below(4) }
    habits.diesOnTheWay = true
  }

  /// A machine with such a disk hardly lives for long: it may end again before it has its new identity.
  func dieOnTheWay() throws {
    guard habits.diesOnTheWay, random.chance(permille: 500) else { return }
    habits.diesOnTheWay = false
    after(random.between(0, 2_000)) { throw DeviceDied() }
  }
}
