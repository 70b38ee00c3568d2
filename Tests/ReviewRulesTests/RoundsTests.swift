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

  @Test func `a device behind one that was revoked before is revoked, too`() throws {
    var world = World.populated()
    let row = longestRow(in: &world)
    var between = RevokeDevice()
    between.device = row[1].publicKey.fingerprint
    let signer = Actor(member: World.rita.id, device: row[2].publicKey.fingerprint)
    #expect(world.act(signer, .revokeDevice(between)).status == .applied)
    #expect(try !world.device(signer.device).isRevoked)
    #expect(world.revoke(World.rita.device).status == .applied)
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

@Suite struct AncestorRoundsTests {
  /// A post that was revised so often, and a change that was made from its first revision; its part is attached.
  private func lateChange(after count: Int) throws -> (world: World, body: Revise) {
    var world = World.populated()
    let subject = world.post()
    let base = try world.head(subject)
    for number in 1...count { try world.revise(subject, text: "Drink \(number) glasses of water.") }
    let body = try world.revised(subject, base: base, by: World.edda) { $0.text = "Drink enough tea." }
    return (world, body)
  }

  /// As in a group in which others have brought everything before.
  private func decideLoaded(_ body: Revise, in world: World) throws -> Outcome {
    var set = WorkingSet()
    for (key, entity) in world.store { set.load(key, entity) }
    let context = world.context(
      Actor(member: World.edda.id, device: World.edda.device), mutation: World.id(of: "the late change"))
    for _ in 0..<3 {
      switch Rules.decide(.revise(body), parts: PartSet(world.parts), context: context, in: &set) {
      case .needs(let keys): for key in keys { set.load(key, world.store[key]) }
      case .decided(let decided): return decided.outcome
      }
    }
    throw World.Missing.entity
  }

  @Test(arguments: [RuleLimits.generations, RuleLimits.generations + 1, 70])
  func `how far back a change may have been made does not depend on what is loaded`(count: Int) throws {
    let (world, body) = try lateChange(after: count)
    var empty = world
    let outcome = empty.act(World.edda, .revise(body))
    let isTooOld = count > RuleLimits.generations
    let expected: RefusalCode? = isTooOld ? .unknownBase : nil
    #expect(outcome.code == expected && outcome.status == (isTooOld ? .rejected : .applied))
    #expect(empty.lastRounds <= RuleLimits.generations + RuleLimits.otherRounds)
    let loaded = try decideLoaded(body, in: world)
    #expect(loaded.code == outcome.code && loaded.status == outcome.status)
  }
}
