// What a device pushed last is delivered once more in its next session, byte for byte.
struct RepeatedPushFault: Fault {
  func strike(_ simulation: Simulation) throws {
    guard let device = simulation.anyDevice(where: { $0.session != nil }) else { return simulation.missed() }
    device.note("will repeat its last push")
    device.habits.repeatsPush = true
    if let link = device.link, simulation.random.chance(permille: 500) { link.cut() }
  }
}
