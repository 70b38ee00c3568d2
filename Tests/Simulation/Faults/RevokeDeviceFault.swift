// An admin revokes somebody's device: it must end, and nothing that it says afterwards may count by itself.
import ReviewModel

struct RevokeDeviceFault: Fault {
  var strikesLimit: Int? { 1 }

  func strike(_ simulation: Simulation) throws {
    let admin = simulation.devices[0]
    guard let device = simulation.anyDevice(where: { $0 !== admin && $0.id != admin.id }), admin.standing == .current,
      !admin.isMuted
    else {
      return simulation.missed()
    }
    var body = RevokeDevice()
    body.device = device.id
    guard try admin.command("revoke", [Draft(mutation: .revokeDevice(body))]) > 0 else { return simulation.missed() }
    simulation.revoke(device.id)
  }
}
