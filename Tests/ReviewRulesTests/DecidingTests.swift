// Who may decide, on what, and what follows.
import ReviewModel
import ReviewRules
import Testing
import Trust

@Suite struct DecidingTests {
  @Test func `as many approvals as the policy asks for approve`() throws {
    var world = World.populated(policy: ApprovalPolicy(approvals: 2))
    let subject = world.post()
    try world.decide(.approve, on: subject, by: World.rita)
    #expect(try world.state(subject) == .inReview)
    try world.decide(.approve, on: subject, by: World.rita)
    #expect(try world.state(subject) == .inReview, "the same member twice is one approval")
    try world.decide(.approve, on: subject, by: World.rolf)
    #expect(try world.state(subject) == .approved)
  }

  @Test func `required roles must be among the approvers`() throws {
    var world = World.populated(policy: ApprovalPolicy(approvals: 1, requiredRoles: [.admin]))
    world.setRoles(of: World.ada, [.admin, .reviewer])
    let subject = world.post()
    try world.decide(.approve, on: subject, by: World.rita)
    #expect(try world.state(subject) == .inReview)
    try world.decide(.approve, on: subject, by: World.ada)
    #expect(try world.state(subject) == .approved)
  }

  @Test func `an advisory rejection is only an opinion`() throws {
    var world = World.populated(policy: ApprovalPolicy(approvals: 1, rejectionIsAdvisory: true))
    let subject = world.post()
    try world.decide(.reject, on: subject, by: World.rita)
    #expect(try world.state(subject) == .inReview)
    try world.decide(.approve, on: subject, by: World.rolf)
    #expect(try world.state(subject) == .approved)
  }

  @Test(arguments: [
    (Verdict.reject, SubjectState.rejected), (.requestChanges, .changesRequested), (.hold, .held),
  ])
  func `each verdict has its state`(verdict: Verdict, state: SubjectState) throws {
    var world = World.populated()
    let subject = world.post()
    try world.decide(verdict, on: subject, by: World.rita)
    #expect(try world.state(subject) == state)
  }

  @Test func `an admin or editor decides only with the reviewer role`() throws {
    var world = World.populated()
    let subject = world.post(by: World.emil)
    #expect(try world.decide(.approve, on: subject, by: World.ada) == .rejected(.notPermitted))
    world.setRoles(of: World.edda, [.editor, .reviewer])
    #expect(try world.decide(.approve, on: subject, by: World.edda).status == .applied)
  }

  @Test func `an author may reject but not approve`() throws {
    var world = World.populated()
    world.setRoles(of: World.emil, [.editor, .reviewer])
    let subject = world.post(by: World.emil)
    #expect(try world.decide(.approve, on: subject, by: World.emil) == .rejected(.selfApproval))
    #expect(try world.decide(.reject, on: subject, by: World.emil).status == .applied)
  }

  @Test func `who wrote an earlier version may not approve a later one, until an approval lies between`() throws {
    var world = World.populated(policy: ApprovalPolicy(approvals: 1))
    world.setRoles(of: World.emil, [.editor, .reviewer])
    let subject = world.post(by: World.emil)
    try world.revise(subject, by: World.edda, text: "Drink enough tea.")
    #expect(try world.decide(.approve, on: subject, by: World.emil) == .rejected(.selfApproval))
    try world.decide(.approve, on: subject, by: World.rita)
    try world.revise(subject, by: World.edda, text: "Drink enough juice.")
    #expect(try world.decide(.approve, on: subject, by: World.emil).status == .applied)
    #expect(try world.state(subject) == .approved)
  }

  @Test func `neither author of what was merged may approve it`() throws {
    var world = World.populated(policy: ApprovalPolicy(approvals: 1))
    let editors = [World.emil, World.edda]
    for editor in editors { world.setRoles(of: editor, [.editor, .reviewer]) }
    let subject = world.post(text: "one two three")
    let base = try world.head(subject)
    try world.revise(subject, base: base, by: World.emil, text: "ONE two three")
    try world.revise(subject, base: base, by: World.edda, text: "one two THREE")
    for editor in editors { #expect(try world.decide(.approve, on: subject, by: editor) == .rejected(.selfApproval)) }
    #expect(try world.decide(.approve, on: subject, by: World.rita).status == .applied)
  }

  @Test func `a decision on one of several heads is refused as conflicted`() throws {
    var world = World.populated()
    let subject = try world.conflictedPost()
    let heads = try world.subject(subject).heads
    #expect(try world.decide(.approve, on: subject, by: World.rita, revision: heads[1]) == .rejected(.conflicted))
  }

  @Test func `each target has its own outcome, and a refused one writes nothing`() throws {
    var world = World.populated()
    let good = world.post()
    let stale = world.post(text: "Sleep enough.")
    let seen = try world.head(stale)
    try world.revise(stale, text: "Sleep more.")
    let staleBefore = world.store[.subject(stale)]
    var body = world.deciding(.approve, on: stale, seen)
    body.targets += world.deciding(.approve, on: good, try world.head(good)).targets
    body.targets += world.deciding(.approve, on: world.newID(), seen).targets
    let outcome = world.act(World.rita, .decide(body))
    #expect(outcome.status == .applied)
    #expect(outcome.codes == [.staleRevision, nil, .notFound])
    #expect(world.store[.subject(stale)] == staleBefore)
    #expect(world.store[.decision(body.targets[0].decision)] == nil)
    #expect(world.store[.decision(body.targets[1].decision)] != nil)
  }

  @Test func `a refusal of the whole answers for every target`() throws {
    var world = World.populated()
    let subject = world.post()
    var body = world.deciding(.approve, on: subject, try world.head(subject))
    body.targets += world.deciding(.approve, on: subject, try world.head(subject)).targets
    let stranger = World.person("Nobody")
    #expect(world.act(stranger, .decide(body)).codes == [.notAMember, .notAMember])
  }

  @Test func `who may not see a post is told that there is none`() throws {
    var world = World.populated()
    let subject = world.post()
    #expect(try world.decide(.approve, on: subject, by: World.olga) == .rejected(.notFound))
    let touched = try #require(world.lastDecided).touched
    #expect(!touched.contains(.subject(subject)) && !touched.contains(.campaign(World.campaign)))
    let draft = world.post(submitted: false)
    #expect(try world.decide(.approve, on: draft, by: World.rita) == .rejected(.notFound))
    #expect(try world.revise(subject, by: World.olga, text: "Mine") == .rejected(.notFound))
    #expect(world.withdraw([subject], by: World.olga) == .rejected(.notFound))
  }

  @Test func `who sees a post but may not change it is told so`() throws {
    var world = World.populated()
    let subject = world.post()
    #expect(try world.revise(subject, by: World.rita, text: "Mine") == .rejected(.notPermitted))
    #expect(world.withdraw([subject], by: World.vera) == .rejected(.notPermitted))
    #expect(try world.submit(subject, by: World.rolf) == .rejected(.notPermitted))
    #expect(world.assign([World.rita], to: subject, by: World.rita) == .rejected(.notPermitted))
  }

  @Test func `what the ledger links is what was touched, ascending`() throws {
    var world = World.populated()
    let subject = world.post()
    try world.decide(.approve, on: subject, by: World.rita)
    let decided = try #require(world.lastDecided)
    let expected: [EntityKey] = [
      .member(World.rita.id), .device(World.rita.device), .campaign(World.campaign), .subject(subject),
    ]
    #expect(decided.touched == expected)
    #expect(decided.touched.sorted() == decided.touched)
    #expect(decided.read.isSuperset(of: decided.touched))
    #expect(world.lastRounds <= 3, "a commit has few round trips")
  }

  @Test func `what a decision says is kept with its place in the ledger`() throws {
    var world = World.populated()
    let subject = world.post()
    let id: DecisionID = world.newID()
    let index = world.nextIndex
    try world.decide(.requestChanges, on: subject, by: World.rita, id: id)
    let decision = try world.decision(id)
    #expect(decision.reason == "The dose is wrong.")
    #expect(decision.ledgerIndex == index && decision.member == World.rita.id && decision.device == World.rita.device)
    #expect(world.scope(.decision(id)) == .campaign(World.campaign))
  }

  @Test func `a decision taken back no longer counts`() throws {
    var world = World.populated(policy: ApprovalPolicy(approvals: 1))
    let subject = world.post()
    let id: DecisionID = world.newID()
    try world.decide(.approve, on: subject, by: World.rita, id: id)
    #expect(world.withdrawDecision(id, on: subject, by: World.rita).status == .applied)
    #expect(try world.decision(id).isWithdrawn)
    #expect(try world.state(subject) == .inReview)
    #expect(world.withdrawDecision(id, on: subject, by: World.rita) == .rejected(.decisionNotStanding))
  }
}
