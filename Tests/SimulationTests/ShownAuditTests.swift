// States and what is shown to whom, watched without the rules: what is wrong is found, and what is right is let through.
import ReviewModel
import Storage
import Testing
import Trust

@testable import SimulationKit

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
  private let world = AuditWorld()

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
