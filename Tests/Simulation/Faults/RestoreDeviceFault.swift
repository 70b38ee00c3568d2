// A device comes back from an old copy of its files: numbers that it has given are given again.
import ReviewModel
import Storage
import Trust

struct RestoreDeviceFault: Fault {
  var strikesLimit: Int? { 3 }

  func strike(_ simulation: Simulation) throws {
    guard let device = simulation.anyDevice(where: { $0.standing == .current }) else { return simulation.missed() }
    let identity = device.identity
    let files = device.files.copy()
    let clock = device.clock
    device.note("is backed up")
    // A copy alone changes nothing.
    simulation.missed()
    simulation.later(simulation.random.between(5_000, 300_000)) {
      guard device.standing == .current, !device.isDiskFull else { return }
      device.note("is restored")
      simulation.tookEffect(.restoreDevice)
      simulation.context.excuses.copied.formUnion([device.id, identity.key.publicKey.fingerprint])
      // Keys that were made since are gone, too, and whatever was queued since.
      let kept = try Set(open(in: files.outbox()))
      let lost = try open(in: device.outbox).filter { !kept.contains($0) }
      simulation.context.promises.release(lost)
      device.replaceFiles(identity: identity, files: files.copy())
      device.clock = clock
    }
  }

  /// What is not decided: not answered, or kept for a newer server because this one did not know its kind.
  private func open(in outbox: any OutboxStore) throws -> [MutationID] {
    let unknown = try outbox.answered(isRefused: true, limit: .max).filter { row in
      guard let answer = row.answer else { return false }
      return try LeafRecord(tolerating: answer.leafRecord).outcome.code == .unsupported
    }
    return try (outbox.unanswered() + unknown).map(\.mutation.mutationID)
  }
}
