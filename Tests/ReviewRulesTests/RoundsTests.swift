// How often the rules ask for more: bounded by their own limits, whatever a device or an editor has piled up.
import ReviewModel
import ReviewRules
import Testing
import Trust

@Suite struct VouchingRoundsTests {
  @Test func `a tree of many devices is revoked whole, in as many rounds as it is deep`() throws {
    var world = World.populated()
    var devices = [World.rita.key]
    for inner in 0..<70 {
      for branch in 0..<2 {
        let device = World.key("device \(inner).\(branch)")
        #expect(world.enrol(device, vouchedBy: devices[inner]).status == .applied)
        devices.append(device)
      }
    }
    #expect(world.revoke(World.rita.device).status == .applied)
    #expect(world.lastRounds <= RuleLimits.vouchingDepth + RuleLimits.otherRounds)
    for device in devices { #expect(try world.device(device.publicKey.fingerprint).isRevoked) }
    #expect(try !world.device(World.rolf.device).isRevoked)
  }

  /// Rita's devices, each on the word of the one before, as many as there may be.
  private func longestRow(in world: inout World) -> [SigningKey] {
    var row = [World.rita.key]
    for number in 0..<RuleLimits.vouchingDepth {
      let device = World.key("device \(number)")
      #expect(world.enrol(device, vouchedBy: row[number]).status == .applied)
      row.append(device)
    }
    return row
  }

  @Test func `the longest row of devices is revoked whole`() throws {
    var world = World.populated()
    let row = longestRow(in: &world)
    #expect(world.revoke(World.rita.device).status == .applied)
    #expect(world.lastRounds <= RuleLimits.vouchingDepth + RuleLimits.otherRounds)
    for device in row { #expect(try world.device(device.publicKey.fingerprint).isRevoked) }
  }

  @Test func `a row of devices that vouch for one another ends until an admin vouches or invites`() {
    var world = World.populated()
    let row = longestRow(in: &world)
    let last = row[RuleLimits.vouchingDepth]
    let further = World.key("one too many")
    #expect(world.enrol(further, vouchedBy: last) == .rejected(.invitationInvalid))
    #expect(world.lastRounds <= RuleLimits.vouchingDepth + RuleLimits.otherRounds)
    var invited = world
    let invite = World.key("a new one for Rita")
    invited.invite(World.rita, roles: [.reviewer], by: World.ada, inviteKey: invite)
    #expect(invited.enrol(further, with: invite).status == .applied)
    #expect(invited.enrol(World.key("the next"), vouchedBy: further).status == .applied)
    #expect(world.vouch(for: last.publicKey.fingerprint).status == .applied)
    #expect(world.enrol(further, vouchedBy: last).status == .applied)
  }

  @Test(arguments: [RuleLimits.linkedDevices, RuleLimits.linkedDevices + 1])
  func `a revocation of very many devices covers all of them, and links only the one that it names`(count: Int) throws {
    var world = World.populated()
    var first = try world.device(World.rita.device)
    let others = (1..<count).map { World.id32("device \($0)") }
    for id in others {
      var device = DeviceEntity()
      device.id = id
      device.member = World.rita.id
      device.binding = .deviceVouched
      device.vouchedBy = first.id
      world.put(.tenant, .device(device))
    }
    first.vouchedFor = others
    world.put(.tenant, .device(first))
    #expect(world.revoke(first.id).status == .applied)
    for id in others { #expect(try world.device(id).isRevoked) }
    let linked = try #require(world.lastDecided).touched.filter { $0.kind == .device }
    #expect(linked.contains(.device(first.id)) && linked.contains(.device(World.ada.device)))
    #expect(linked.count == (count > RuleLimits.linkedDevices ? 2 : count + 1))
  }
}
