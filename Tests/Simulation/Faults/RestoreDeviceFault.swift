// A device comes back from an old copy of its files: numbers that it has given are given again.
import ReviewModel
import Storage
import Trust

struct RestoreDeviceFault: Fault {
  var strikesLimit: Int? { 3 }

  func strike(_ simulation: Simulation) throws {
    guard let device = simulation.anyDevice(where: { $0.standing == .current }) else { return }
    let identity = device.identity
    let files = device.files.copy()
    let clock = device.clock
    device.note("is backed up")
    simulation.later(simulation.random.between(5_000, 300_000)) {
      guard device.standing == .current, !device.isDiskFull else { return }
      device.note("is restored")
      simulation.context.excuses.copied.formUnion([device.id, identity.key.publicKey.fingerprint])
      // Keys that were made since are gone, too, and whatever was queued since.
      let kept = try Set(files.outbox().unanswered().map(\.mutation.mutationID))
      let lost = try device.outbox.unanswered().map(\.mutation.mutationID).filter { !kept.contains($0) }
      simulation.context.promises.release(lost)
      device.replaceFiles(identity: identity, files: files.copy())
      device.clock = clock
    }
  }
}
