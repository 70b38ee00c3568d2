// The audits that know nothing of the rules, each fed by hand: what is wrong is found, and what is right is let through.
import ReviewModel
import Storage
import Testing
import Trust

@testable import SimulationKit

/// A tenant with an admin, an editor, two reviewers, and a campaign that the second reviewer does not belong to.
private struct World {
  let random = SeededRandom(seed: 1)
  let server = SeededRandom(seed: 10).key()
  let admin: MemberID = SeededRandom(seed: 11).identifier()
  let editor: MemberID = SeededRandom(seed: 12).identifier()
  let reviewer: MemberID = SeededRandom(seed: 13).identifier()
  let stranger: MemberID = SeededRandom(seed: 14).identifier()
  let campaign: CampaignID = SeededRandom(seed: 15).identifier()
  let subject: SubjectID = SeededRandom(seed: 16).identifier()
  private(set) var people = PlainPeople()

  init() {
    var genesis = CreateTenant()
    genesis.serverKey = server.publicKey
    people.note(.createTenant(genesis), .applied())
    let roles: [(MemberID, Role)] = [(admin, .admin), (editor, .editor), (reviewer, .reviewer), (stranger, .reviewer)]
    for (member, role) in roles {
      var invite = InviteMember()
      invite.member = member
      invite.roles = [role]
      people.note(.inviteMember(invite), .applied())
    }
    var create = CreateCampaign()
    create.campaign = campaign
    create.members = [editor, reviewer]
    people.note(.createCampaign(create), .applied())
    var document = CreateDocument()
    document.campaign = campaign
    document.subject = subject
    people.note(.createDocument(document), .applied())
  }

  func roleFault(_ mutation: Mutation, _ outcome: Outcome = .applied(), by member: MemberID) throws -> Violation.Promise? {
    try broken { try RoleAudit.check(mutation, outcome, by: member, on: .zero, people) }
  }
}

/// The promise that the body finds broken; nil if it finds nothing.
private func broken(_ body: () throws -> Void) throws -> Violation.Promise? {
  do {
    try body()
    return nil
  } catch let violation as Violation {
    return violation.promise
  }
}

private func write(_ value: EntityValue, in scope: Scope = .tenant) -> EntityWrite {
  EntityWrite(key: value.key, seq: 1, scope: scope, payload: value.payload)
}

private func cache(_ scope: Scope, _ values: EntityValue...) throws -> MemoryCacheStore {
  let cache = MemoryCacheStore()
  _ = try cache.grant([scope])
  for (place, value) in values.enumerated() {
    let row = StoredRow(key: value.key, seq: UInt64(place) + 1, payload: value.payload)
    _ = try cache.apply(fetched: [ScopedRow(scope: scope, row: row)])
  }
  return cache
}

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
  private let world = World()

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
  private let world = World()

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

@Suite struct StateAuditTests {
  private let random = SeededRandom(seed: 3)

  private func submitted(approvals: UInt32 = 1) -> SubjectEntity {
    var subject = SubjectEntity()
    subject.id = random.identifier()
    subject.campaign = random.identifier()
    subject.heads = [random.digest()]
    subject.authors = [random.identifier()]
    subject.submission = Submission()
    subject.submission?.policy = ApprovalPolicy(approvals: approvals)
    return subject
  }

  private func decision(_ verdict: Verdict, on subject: SubjectEntity, by member: MemberID? = nil) -> DecisionEntity {
    var decision = DecisionEntity()
    decision.id = random.identifier()
    decision.subject = subject.id
    decision.revision = subject.heads[0]
    decision.member = member ?? random.identifier()
    decision.verdict = verdict
    return decision
  }

  @Test func `a state follows from subject, decisions and policy`() {
    let subject = submitted(approvals: 2)
    let approval = decision(.approve, on: subject)
    let other = decision(.approve, on: subject)
    #expect(StateAudit.state(of: subject, []) == "in_review")
    #expect(StateAudit.state(of: subject, [approval]) == "in_review")
    for member in [approval.member, subject.authors[0]] {
      #expect(StateAudit.state(of: subject, [approval, decision(.approve, on: subject, by: member)]) == "in_review")
    }
    #expect(StateAudit.state(of: subject, [approval, other]) == "approved")
    #expect(StateAudit.state(of: subject, [approval, other, decision(.hold, on: subject)]) == "held")
    #expect(StateAudit.state(of: subject, [approval, other, decision(.requestChanges, on: subject)]) == "changes_requested")
    #expect(StateAudit.state(of: subject, [approval, other, decision(.reject, on: subject)]) == "rejected")
    var withdrawn = decision(.reject, on: subject)
    withdrawn.isWithdrawn = true
    var replaced = decision(.reject, on: subject)
    replaced.replacedBy = other.id
    var stale = decision(.reject, on: subject)
    stale.revision = random.digest()
    #expect(StateAudit.state(of: subject, [approval, other, withdrawn, replaced, stale]) == "approved")
  }

  @Test func `drafts, conflicts and what was withdrawn are told from the subject alone`() {
    var subject = submitted()
    subject.submission = nil
    #expect(StateAudit.state(of: subject, []) == "draft")
    subject.heads.append(random.digest())
    #expect(StateAudit.state(of: subject, []) == "conflicted")
    subject.withdrawnBy = random.identifier()
    #expect(StateAudit.state(of: subject, []) == "withdrawn")
  }

  @Test func `a rejected subject that is listed as approved is found`() throws {
    let subject = submitted()
    let held = try cache(.campaign(subject.campaign), .subject(subject), .decision(decision(.reject, on: subject)))
    try held.index([subject.id: line(subject, "rejected")])
    #expect(try StateAudit.difference(in: held) == nil)
    try held.index([subject.id: line(subject, "approved")])
    #expect(try StateAudit.difference(in: held) != nil)
  }

  private func line(_ subject: SubjectEntity, _ state: String) -> SubjectIndexRow {
    SubjectIndexRow(
      subject: subject.id, item: nil, campaign: subject.campaign, campaignName: "", platform: "", account: "", locale: "",
      documentKind: "", state: state, revision: subject.heads[0], title: "", text: "", updatedMilliseconds: 0,
      waitsForMe: false, isPending: false)
  }
}

@Suite struct VisibilityAuditTests {
  private let world = World()

  private func thread(isInternal: Bool) -> EntityValue {
    var thread = ThreadEntity()
    thread.id = world.random.identifier()
    thread.isInternal = isInternal
    return .thread(thread)
  }

  @Test func `a device holds campaigns of its member, and their inside only of editors and admins`() throws {
    let audit = VisibilityAudit()
    let outside = try cache(.campaign(world.campaign), thread(isInternal: false))
    let inside = try cache(.campaignInternal(world.campaign), thread(isInternal: true))
    for member in [world.admin, world.editor] {
      #expect(try audit.shown(in: outside, to: member, world.people) == nil)
      #expect(try audit.shown(in: inside, to: member, world.people) == nil)
    }
    #expect(try audit.shown(in: outside, to: world.reviewer, world.people) == nil)
    #expect(try audit.shown(in: inside, to: world.reviewer, world.people) != nil)
    #expect(try audit.shown(in: outside, to: world.stranger, world.people) != nil)
    #expect(!VisibilityAudit.mayRead(.staging(world.admin), world.admin, world.people))
    #expect(!VisibilityAudit.mayRead(.member(world.editor), world.admin, world.people))
    #expect(VisibilityAudit.mayRead(.member(world.admin), world.admin, world.people))
    #expect(!VisibilityAudit.mayRead(.tenant, world.random.identifier(), world.people))
  }

  @Test func `internal talk and what was not submitted are written among the editors`() throws {
    let audit = VisibilityAudit()
    let (open, inside) = (Scope.campaign(world.campaign), Scope.campaignInternal(world.campaign))
    var draft = SubjectEntity()
    draft.id = world.subject
    var remark = AddComment()
    remark.comment = world.random.identifier()
    remark.isInternal = true
    audit.note(.comment(remark), .applied())
    var comment = CommentEntity()
    comment.id = remark.comment
    for value in [.subject(draft), .comment(comment), thread(isInternal: true)] as [EntityValue] {
      try audit.note(write(value, in: inside))
      #expect(try broken { try audit.note(write(value, in: open)) } == .shownToMany)
      #expect(try broken { try audit.note(write(value, in: .tenant)) } == .shownToMany)
    }
    try audit.note(write(thread(isInternal: false), in: open))
    draft.submission = Submission()
    try audit.note(write(.subject(draft), in: open))
  }

  @Test func `a draft's revision comes out when it is submitted`() throws {
    let audit = VisibilityAudit()
    var revise = Revise()
    revise.revision = world.random.digest()
    revise.isDraft = true
    audit.note(.revise(revise), .applied())
    var revision = RevisionEntity()
    revision.digest = revise.revision
    let written = write(.revision(revision), in: .campaign(world.campaign))
    #expect(try broken { try audit.note(written) } == .shownToMany)
    var submit = Submit()
    submit.targets = [RevisionTarget(subject: world.subject, revision: revise.revision)]
    audit.note(.submit(submit), .rejected(.staleRevision))
    #expect(try broken { try audit.note(written) } == .shownToMany)
    audit.note(.submit(submit), .applied())
    try audit.note(written)
  }
}
