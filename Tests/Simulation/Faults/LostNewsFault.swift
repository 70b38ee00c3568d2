// A session is not told of one commit: the next heartbeat must show that something is there. The device has nothing to say meanwhile,
// because an answer of its own would take it past the loss: a server that answers has told its sessions before.
import Storage

struct LostNewsFault: Fault {
  static let deafMilliseconds: UInt64 = 20_000
  /// Longer than it takes a heartbeat to come and what is missed to be fetched.
  static let mutedMilliseconds: UInt64 = 90_000

  func strike(_ simulation: Simulation) throws {
    let device = simulation.anyDevice { device in device.session != nil && !device.isMuted }
    guard let device, let link = device.link, try device.outbox.counts().unanswered == 0 else { return simulation.missed() }
    device.note("misses the next commit")
    device.habits.mutedUntil = simulation.context.now + Self.mutedMilliseconds
    simulation.server.deafLink = link
    simulation.later(Self.deafMilliseconds) { if simulation.server.deafLink === link { simulation.server.deafLink = nil } }
  }
}
