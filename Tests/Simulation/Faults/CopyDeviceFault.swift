// Somebody copies a device, files and keys, and both go on: one of them must notice and take a new identity.
import Storage
import Trust

struct CopyDeviceFault: Fault {
  var strikesLimit: Int? { 2 }

  func strike(_ simulation: Simulation) throws {
    guard let device = simulation.anyDevice(where: { $0.standing == .current && !$0.isMuted }) else {
      return simulation.missed()
    }
    simulation.context.excuses.copied.insert(device.id)
    if let successor = device.identity.successor {
      simulation.context.excuses.copied.insert(successor.key.publicKey.fingerprint)
    }
    let copy = simulation.addDevice(
      named: device.name + "'", identity: device.identity, files: device.files.copy())
    copy.clock = device.clock
    device.note("is copied")
    // Two who never say anything cannot be told apart.
    for one in [device, copy] { try one.command("pause", Workload(one).pause(), isBlind: true) }
    copy.wake()
  }
}
