// Revocations, pauses and roles, watched without the rules: what is wrong is found, and what is right is let through.
import ReviewModel
import Storage
import Testing
import Trust

@testable import SimulationKit

@Suite struct RevocationAuditTests {
  private let random = SeededRandom(seed: 2)

  private func enrolment(_ device: PublicKey, by old: PublicKey) -> Mutation {
    var body = EnrolDevice()
    body.publicKey = device
    body.oldDevice = old.fingerprint
    return .enrolDevice(body)
  }

  private func revocation(_ device: PublicKey) -> Mutation {
    var body = RevokeDevice()
    body.device = device.fingerprint
    return .revokeDevice(body)
  }

  @Test func `a revoked device and those it has vouched for say nothing that counts`() throws {
    let (admin, old, new, newest) = (random.digest(), random.key().publicKey, random.key().publicKey, random.key().publicKey)
    let audit = RevocationAudit()
    try audit.note(enrolment(new, by: old), .applied(), on: new.fingerprint)
    try audit.note(enrolment(newest, by: new), .applied(), on: newest.fingerprint)
    try audit.check(.applied(), entry: 3, of: newest.fingerprint)
    try audit.note(revocation(old), .rejected(.notPermitted), on: admin)
    try audit.check(.applied(), entry: 4, of: old.fingerprint)
    try audit.note(revocation(old), .applied(), on: admin)
    for device in [old, new, newest] {
      #expect(try broken { try audit.check(.applied(), entry: 5, of: device.fingerprint) } == .revokedCounts)
    }
    let staged = Outcome(targets: [TargetOutcome(status: .staged)])
    #expect(try broken { try audit.check(staged, entry: 5, of: new.fingerprint) } == .revokedCounts)
    var repeated = Outcome.applied()
    repeated.duplicateOf = 2
    try audit.check(repeated, entry: 6, of: new.fingerprint)
    try audit.check(.parked(.deviceRevoked), entry: 7, of: new.fingerprint)
    try audit.check(.applied(), entry: 8, of: admin)
    let late = random.key().publicKey
    #expect(try broken { try audit.note(enrolment(late, by: old), .applied(), on: late.fingerprint) } == .revokedCounts)
  }

  @Test func `whoever revokes, and whom an admin has vouched for since, stays`() throws {
    let (admin, old, new, vouched) = (random.digest(), random.key().publicKey, random.key().publicKey, random.key().publicKey)
    let audit = RevocationAudit()
    try audit.note(enrolment(new, by: old), .applied(), on: new.fingerprint)
    try audit.note(enrolment(vouched, by: old), .applied(), on: vouched.fingerprint)
    var vouching = VouchDevice()
    vouching.device = vouched.fingerprint
    try audit.note(.vouchDevice(vouching), .applied(), on: admin)
    try audit.note(revocation(old), .applied(), on: new.fingerprint)
    #expect(audit.revoked == [old.fingerprint])
  }

  @Test func `a revoked device is kept as revoked, and has no session in the end`() throws {
    let key = random.key().publicKey
    let audit = RevocationAudit()
    var device = DeviceEntity()
    device.id = key.fingerprint
    try audit.note(write(.device(device)))
    try audit.note(revocation(key), .applied(), on: random.digest())
    #expect(try broken { try audit.note(write(.device(device))) } == .revokedCounts)
    device.isRevoked = true
    try audit.note(write(.device(device)))
    let there = { audit.stillThere(key.fingerprint, name: "one", standing: .current, hasSession: $0)?.promise }
    #expect(there(true) == .revokedCounts)
    #expect(there(false) == nil)
    #expect(audit.stillThere(random.digest(), name: "another", standing: .current, hasSession: true) == nil)
  }
}

@Suite struct PauseAuditTests {
  private let world = AuditWorld()

  private func paused() throws -> (audit: PauseAudit, entity: PauseEntity) {
    let audit = PauseAudit()
    var body = Pause()
    body.pause = world.random.identifier()
    try audit.note(.pause(body), .applied(), by: world.reviewer, world.people)
    var entity = PauseEntity()
    entity.id = body.pause
    entity.member = world.reviewer
    return (audit, entity)
  }

  private func resume(_ pause: PauseID) -> Mutation {
    var body = Resume()
    body.pauses = [pause]
    return .resume(body)
  }

  @Test func `only an admin lifts a pause, and only one that was made`() throws {
    let (audit, entity) = try paused()
    for member in [world.editor, world.reviewer] {
      #expect(try broken { try audit.note(resume(entity.id), .applied(), by: member, world.people) } == .pauseLifted)
      try audit.note(resume(entity.id), .rejected(.notPermitted), by: member, world.people)
    }
    let (unknown, people) = (resume(world.random.identifier()), world.people)
    #expect(try broken { try audit.note(unknown, .applied(), by: world.admin, people) } == .pauseLifted)
    try audit.note(resume(entity.id), .applied(), by: world.admin, world.people)
  }

  @Test func `a pause is kept as it was made until it is lifted`() throws {
    let (audit, made) = try paused()
    try audit.note(write(.pause(made)))
    var lifted = made
    lifted.liftedBy = world.admin
    #expect(try broken { try audit.note(write(.pause(lifted))) } == .pauseLifted)
    var other = made
    other.target.platform = "mastodon"
    #expect(try broken { try audit.note(write(.pause(other))) } == .pauseLifted)
    let gone = EntityWrite(key: .pause(made.id), seq: 1, scope: .tenant, payload: nil)
    #expect(try broken { try audit.note(gone) } == .pauseLifted)
    try audit.note(resume(made.id), .applied(), by: world.admin, world.people)
    try audit.note(write(.pause(lifted)))
    #expect(try broken { try audit.note(write(.pause(made))) } == .pauseLifted)
  }

  @Test func `the server holds the pauses of the table`() throws {
    let (audit, made) = try paused()
    let store = MemoryTenantStore(tenant: world.random.identifier(), epoch: world.random.identifier())
    #expect(try broken { try audit.compare(with: store) } == .pauseLifted)
    let expected = try store.state()
    var next = expected
    next.seq = 1
    var batch = CommitBatch(expected: expected, next: next)
    batch.writes = [write(.pause(made))]
    try store.write(batch)
    try audit.compare(with: store)
    #expect(try broken { try PauseAudit().compare(with: store) } == .pauseLifted)
  }
}

@Suite struct RoleAuditTests {
  private let world = AuditWorld()

  @Test func `what counts was said by somebody who may`() throws {
    var decide = Decide()
    decide.targets = [DecisionTarget()]
    decide.targets[0].subject = world.subject
    var revise = Revise()
    revise.subject = world.subject
    #expect(try world.roleFault(.decide(decide), by: world.reviewer) == nil)
    #expect(try world.roleFault(.decide(decide), by: world.editor) == .roleMissing)
    // A reviewer, and not of this campaign.
    #expect(try world.roleFault(.decide(decide), by: world.stranger) == .roleMissing)
    #expect(try world.roleFault(.decide(decide), .rejected(.notFound), by: world.stranger) == nil)
    #expect(try world.roleFault(.revise(revise), by: world.editor) == nil)
    #expect(try world.roleFault(.revise(revise), by: world.reviewer) == .roleMissing)
    #expect(try world.roleFault(.revise(revise), .rejected(.notPermitted), by: world.reviewer) == nil)
    #expect(try world.roleFault(.setPolicy(SetPolicy()), by: world.admin) == nil)
    #expect(try world.roleFault(.setPolicy(SetPolicy()), by: world.editor) == .roleMissing)
    var remark = AddComment()
    remark.subject = world.subject
    #expect(try world.roleFault(.comment(remark), by: world.reviewer) == nil)
    remark.isInternal = true
    #expect(try world.roleFault(.comment(remark), by: world.reviewer) == .roleMissing)
  }

  @Test func `a repeat and the server's own word are passed over`() throws {
    var repeated = Outcome.applied()
    repeated.duplicateOf = 1
    #expect(try world.roleFault(.setPolicy(SetPolicy()), repeated, by: world.editor) == nil)
    let device = world.server.publicKey.fingerprint
    try RoleAudit.check(.inviteMember(InviteMember()), .applied(), by: .zero, on: device, world.people)
  }

  @Test func `roles count from the entry that gave them, and nobody has others or is elsewhere`() throws {
    var people = world.people
    var roles = SetRoles()
    roles.member = world.editor
    roles.roles = [.viewer]
    people.note(.setRoles(roles), .applied())
    #expect(people.roles(of: world.editor) == [.viewer])
    func noted(_ value: EntityValue) throws {
      var copy = people
      try copy.note(write(value))
    }
    var member = MemberEntity()
    member.id = world.editor
    member.roles = [.viewer]
    try noted(.member(member))
    member.roles = [.viewer, .admin]
    #expect(try broken { try noted(.member(member)) } == .roleMissing)
    var campaign = CampaignEntity()
    campaign.id = world.campaign
    campaign.members = [world.editor, world.reviewer]
    try noted(.campaign(campaign))
    campaign.includesEveryone = true
    #expect(try broken { try noted(.campaign(campaign)) } == .shownToMany)
  }
}
