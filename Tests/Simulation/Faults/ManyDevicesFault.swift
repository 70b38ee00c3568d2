// A member takes many devices into use, and works on all of them.
struct ManyDevicesFault: Fault {
  static let atOnce = 5

  var strikesLimit: Int? { 1 }

  func strike(_ simulation: Simulation) throws {
    guard simulation.canWriteNow else { return simulation.missed() }
    let mayVouch = { (device: SimulatedDevice) in
      device.standing == .current
        && simulation.context.excuses.revoked.isDisjoint(with: device.identity.lineage.union([device.id]))
    }
    guard let first = simulation.anyDevice(where: mayVouch) else { return simulation.missed() }
    first.note("is joined by \(Self.atOnce) more devices")
    for index in 0..<Self.atOnce { try simulation.enrolAnother(of: first, named: "\(first.name)*\(index + 1)").wake() }
  }
}
