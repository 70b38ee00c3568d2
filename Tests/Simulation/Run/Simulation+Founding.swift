// How a run begins: a tenant, its people with a device or two each, and what the admin sets up.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import SyncServer
import Trust

extension Simulation {
  func found() throws {
    let name = Part.text("Practice", kind: .name, salt: random.bytes(Part.saltByteCount))
    var genesis = CreateTenant()
    genesis.tenant = context.tenant
    genesis.serverKey = context.serverKey.publicKey
    genesis.epoch = server.epoch
    genesis.name = name.digest
    try serverSays(.createTenant(genesis), [name])
    var people = [("admin", [Role.admin, .editor])]
    for index in 0..<context.plan.editors { people.append(("editor\(index + 1)", [.editor])) }
    for index in 0..<context.plan.reviewers {
      people.append(("reviewer\(index + 1)", index == 0 && random.chance(permille: 300) ? [.reviewer, .editor] : [.reviewer]))
    }
    for (name, roles) in people { try enrol(name, roles) }
    for index in 0..<context.plan.moreDevices {
      guard let first = random.pick(Array(devices.prefix(people.count))) else { continue }
      try enrolAnother(of: first, named: "\(first.name)+\(index + 1)")
    }
    let admin = devices[0]
    // Each once: a campaign that names somebody twice is refused, and nobody would have anything to do.
    let members = Set(devices.map(\.identity.member)).sorted()
    for index in 0..<context.plan.campaigns {
      let drafts = Workload(admin).createCampaign(everyone: index == 0, members: members)
      try admin.command("create campaign", drafts, isBlind: true)
    }
  }

  private func serverSays(_ mutation: Mutation, _ parts: [Part]) throws {
    let key = context.serverKey
    let position = try server.store.lanes(of: key.publicKey.fingerprint)[1] ?? LanePosition(number: 0, hash: .zero)
    let envelope = ServerEnvelope.make(
      mutation, parts: parts, tenant: context.tenant, after: position, key: key, mutationID: random.identifier(),
      nowMilliseconds: server.wallMilliseconds)
    guard let envelope else { throw Violation(.storeFailed, "the server cannot sign") }
    try expectApplied(server.commitNow([envelope]))
  }

  private func expectApplied(_ results: [SubmissionResult]) throws {
    guard case .answered(let answer)? = results.first, answer.outcome.status == .applied else {
      throw Violation(.storeFailed, "the founding was refused: \(results)")
    }
  }

  private func enrol(_ name: String, _ roles: [Role]) throws {
    let inviteKey = random.key()
    let part = Part.text(name, kind: .name, salt: random.bytes(Part.saltByteCount))
    var invite = InviteMember()
    invite.member = random.identifier()
    invite.roles = roles
    invite.inviteKey = inviteKey.publicKey
    invite.name = part.digest
    try serverSays(.inviteMember(invite), [part])
    let key = random.key()
    var vouching = InvitationVouching()
    vouching.tenant = context.tenant
    vouching.inviteKey = inviteKey.publicKey
    vouching.deviceKey = key.publicKey
    var body = EnrolDevice()
    body.inviteKey = inviteKey.publicKey
    body.inviteSignature = inviteKey.sign(vouching.encoded(), as: .invitation)
    try enrol(name, body, SimulatedDevice.Identity(member: invite.member, key: key, lineage: []))
  }

  /// A device more for the same member, vouched for by one that he has.
  @discardableResult
  func enrolAnother(of first: SimulatedDevice, named name: String) throws -> SimulatedDevice {
    let key = random.key()
    var vouching = DeviceVouching()
    vouching.tenant = context.tenant
    vouching.oldDevice = first.id
    vouching.deviceKey = key.publicKey
    var body = EnrolDevice()
    body.oldDevice = first.id
    body.oldDeviceSignature = first.identity.key.sign(vouching.encoded(), as: .deviceVouching)
    return try enrol(
      name, body,
      SimulatedDevice.Identity(member: first.identity.member, key: key, lineage: first.identity.lineage.union([first.id])))
  }

  @discardableResult
  private func enrol(
    _ name: String, _ enrolment: EnrolDevice, _ identity: SimulatedDevice.Identity
  ) throws -> SimulatedDevice {
    let part = Part.text("Laptop", kind: .name, salt: random.bytes(Part.saltByteCount))
    var body = enrolment
    body.publicKey = identity.key.publicKey
    body.name = part.digest
    let mutation = QueuedMutation(
      mutationID: random.identifier(), lane: 1, body: Mutation.enrolDevice(body).encoded(), parts: [part],
      clock: HybridClock(), queuedMilliseconds: 0)
    let signing = EnvelopeSigning(tenant: context.tenant, key: identity.key, checkpoint: SeenCheckpoint())
    let envelope = signing.sign(mutation, number: 1, previousHash: .zero)
    try expectApplied(try server.commitNow([VerifiedEnvelope.trusted(envelope, parts: [part.bytes])]))
    let device = addDevice(named: name, identity: identity, files: context.newDeviceFiles())
    try device.outbox.renumber(afterEnrolment: envelope.hash)
    return device
  }
}
