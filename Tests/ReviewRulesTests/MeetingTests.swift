// When two things meet: one test or more for each row of the table.
import ReviewModel
import ReviewRules
import Testing
import Trust

@Suite struct MeetingTests {
  @Test func `a decision on a revision that is no longer current is refused and never carried over`() throws {
    var world = World.populated()
    let subject = world.post()
    let seen = try world.head(subject)
    try world.revise(subject, text: "Drink water, but not too much.")
    let current = try world.head(subject)
    let outcome = try world.decide(.approve, on: subject, by: World.rita, revision: seen)
    #expect(outcome == .rejected(.staleRevision, current: current))
    #expect(try world.subject(subject).standing.isEmpty)
  }

  @Test func `approve and reject by two members both stand, and the veto keeps the revision out`() throws {
    var world = World.populated(policy: ApprovalPolicy(approvals: 1))
    let subject = world.post()
    try world.decide(.approve, on: subject, by: World.rita)
    #expect(try world.state(subject) == .approved)
    let veto: DecisionID = world.newID()
    try world.decide(.reject, on: subject, by: World.rolf, id: veto)
    #expect(try world.subject(subject).standing.count == 2)
    #expect(try world.state(subject) == .rejected)
    world.withdrawDecision(veto, on: subject, by: World.rolf)
    #expect(try world.state(subject) == .approved)
  }

  @Test func `a new revision ends a veto`() throws {
    var world = World.populated()
    let subject = world.post()
    try world.decide(.reject, on: subject, by: World.rolf)
    try world.revise(subject, text: "Drink enough tea.")
    #expect(try world.state(subject) == .inReview)
  }

  @Test func `a decision replaces the own ones that it lists`() throws {
    var world = World.populated(policy: ApprovalPolicy(approvals: 1))
    let subject = world.post()
    let first: DecisionID = world.newID()
    let second: DecisionID = world.newID()
    try world.decide(.reject, on: subject, by: World.rita, id: first)
    try world.decide(.approve, on: subject, by: World.rita, id: second, replaces: [first])
    #expect(try world.decision(first).replacedBy == second)
    #expect(try world.subject(subject).standing.map(\.decision) == [second])
    #expect(try world.state(subject) == .approved)
  }

  @Test func `a decision that arrives after the one that replaced it does not stand`() throws {
    var world = World.populated(policy: ApprovalPolicy(approvals: 1))
    let subject = world.post()
    let early: DecisionID = world.newID()
    let late: DecisionID = world.newID()
    try world.decide(.approve, on: subject, by: World.rita, id: late, replaces: [early])
    let outcome = try world.decide(.reject, on: subject, by: World.rita, id: early)
    #expect(outcome.status == .applied)
    #expect(try world.decision(early).replacedBy == late)
    #expect(try world.subject(subject).standing.map(\.decision) == [late])
    #expect(try world.subject(subject).replacedEarly.isEmpty)
    #expect(try world.state(subject) == .approved)
  }

  @Test func `what was replaced early does not come back when the replacing decision is withdrawn`() throws {
    var world = World.populated()
    let subject = world.post()
    let early: DecisionID = world.newID()
    let late: DecisionID = world.newID()
    try world.decide(.approve, on: subject, by: World.rita, id: late, replaces: [early])
    world.withdrawDecision(late, on: subject, by: World.rita)
    try world.decide(.reject, on: subject, by: World.rita, id: early)
    #expect(try world.subject(subject).standing.isEmpty)
  }

  @Test func `nobody can replace a decision of somebody else before it arrives`() throws {
    var world = World.populated()
    let subject = world.post()
    let foreign: DecisionID = world.newID()
    try world.decide(.approve, on: subject, by: World.rita, replaces: [foreign])
    try world.decide(.reject, on: subject, by: World.rolf, id: foreign)
    #expect(try world.state(subject) == .rejected)
  }

  @Test(arguments: Verdict.allCases, Verdict.allCases)
  func `of two own decisions that knew nothing of each other the more restrictive counts`(
    first: Verdict, second: Verdict
  ) throws {
    // The most restrictive first, as the rules have it.
    let order: [(verdict: Verdict, state: SubjectState)] = [
      (.reject, .rejected), (.requestChanges, .changesRequested), (.hold, .held), (.approve, .approved),
    ]
    var world = World.populated(policy: ApprovalPolicy(approvals: 1))
    let subject = world.post()
    try world.decide(first, on: subject, by: World.rita)
    try world.decide(second, on: subject, by: World.rita)
    #expect(try world.subject(subject).standing.count == 2)
    #expect(try world.state(subject) == order.first { $0.verdict == first || $0.verdict == second }?.state)
  }

  @Test func `two editors' changes of different words are merged, and both are its authors`() throws {
    var world = World.populated()
    let subject = world.post(text: "Drink enough water every day.")
    let base = try world.head(subject)
    try world.revise(subject, base: base, by: World.emil, text: "Drink enough tea every day.")
    let current = try world.head(subject)
    let outcome = try world.revise(subject, base: base, by: World.edda, text: "Drink enough water every morning.")
    let merged = try world.head(subject)
    #expect(outcome == .applied(result: merged))
    let content = try world.content(merged)
    #expect(content.text == "Drink enough tea every morning.")
    #expect(content.authors == [World.emil.id, World.edda.id])
    #expect(content.parents.first == current && content.parents.count == 2)
    #expect(world.store[.revision(content.parents[1])] != nil, "the given revision is kept too")
    #expect(try world.subject(subject).authors == [World.emil.id, World.edda.id])
    #expect(try world.state(subject) == .inReview)
  }

  @Test func `a merged revision's salt follows from both heads and the mutation`() throws {
    var world = World.populated()
    let subject = world.post(text: "one two three")
    let base = try world.head(subject)
    try world.revise(subject, base: base, by: World.emil, text: "ONE two three")
    let body = try world.revised(subject, base: base, by: World.edda) { $0.text = "one two THREE" }
    let given = try #require(world.parts.last)
    guard case .revision(let current) = world.store[.revision(try world.head(subject))]?.value else {
      throw World.Missing.entity
    }
    let mutation: MutationID = World.id(of: "the merging one")
    var set = WorkingSet()
    for (key, entity) in world.store { set.load(key, entity) }
    set.load(.revision(body.revision), nil)
    set.load(.draft(subject), nil)
    let actor = Actor(member: World.edda.id, device: World.edda.device)
    let step = Rules.decide(
      .revise(body), parts: PartSet(world.parts), context: world.context(actor, mutation: mutation), in: &set)
    guard case .decided(let decided) = step, let result = decided.outcome.targets[0].result,
      case .revision(let merged) = set.current(.revision(result))?.value
    else { throw World.Missing.entity }
    let salt = SHA256.hash(Array("merge".utf8) + current.part.prefix(32) + given.salt + mutation.bytes)
    #expect(Array(merged.part.prefix(32)) == salt.bytes)
  }

  @Test func `where both changed the same words both are kept, and it cannot be submitted until it is merged`() throws {
    var world = World.populated()
    let subject = try world.conflictedPost()
    let heads = try world.subject(subject).heads
    #expect(heads.count == 2)
    #expect(try world.state(subject) == .conflicted)
    #expect(try heads.map { try world.content($0).text } == ["Drink enough tea.", "Drink enough juice."])
    #expect(try world.submit(subject, heads[0]) == .rejected(.conflicted))
    let outcome = try world.merge(subject, heads: heads, by: World.edda, text: "Drink enough tea or juice.")
    #expect(outcome.status == .applied)
    #expect(try world.state(subject) == .inReview)
    #expect(try world.subject(subject).heads == [try #require(outcome.targets[0].result)])
    #expect(try Set(world.subject(subject).authors) == [World.emil.id, World.edda.id])
  }

  @Test func `a pause wins unless the resume names it`() throws {
    var world = World.populated()
    let first: PauseID = world.newID()
    let second: PauseID = world.newID()
    world.pause(first, by: World.rita)
    world.pause(second, by: World.emil)
    #expect(world.resume([first, first]).codes == [nil, .pauseNotFound])
    #expect(try world.pause(second).liftedBy == nil)
  }

  @Test func `a pause holds on what is not known yet`() {
    var world = World.populated()
    let outcome = world.pause(world.newID(), by: World.rita, subject: World.id(of: "a post that is still on its way"))
    #expect(outcome.status == .applied)
  }

  @Test func `a decision from a device that was revoked meanwhile is parked`() throws {
    var world = World.populated()
    let subject = world.post()
    world.revoke(World.rita.device)
    #expect(try world.decide(.approve, on: subject, by: World.rita) == .parked(.deviceRevoked))
    #expect(try world.subject(subject).standing.isEmpty)
  }

  @Test func `a decision whose role was lost meanwhile is parked`() throws {
    var world = World.populated()
    let subject = world.post()
    world.setRoles(of: World.rita, [.viewer])
    #expect(try world.decide(.approve, on: subject, by: World.rita) == .parked(.roleLost))
    #expect(try world.decide(.approve, on: subject, by: World.vera) == .rejected(.notPermitted))
  }

  @Test func `an admin who wrote none of it may lift the reject of a removed member`() throws {
    var world = World.populated()
    let subject = world.post()
    let veto: DecisionID = world.newID()
    try world.decide(.reject, on: subject, by: World.rolf, id: veto)
    #expect(world.withdrawDecision(veto, on: subject, by: World.ada) == .rejected(.notOwnDecision))
    try world.remove(World.rolf)
    #expect(world.withdrawDecision(veto, on: subject, by: World.emil) == .rejected(.notOwnDecision))
    #expect(world.withdrawDecision(veto, on: subject, by: World.ada).status == .applied)
    #expect(try world.state(subject) == .inReview)
  }

  @Test func `an admin who wrote some of it may not lift the reject`() throws {
    var world = World.populated()
    let subject = world.post()
    try world.revise(subject, by: World.ada, text: "Drink enough tea.")
    let veto: DecisionID = world.newID()
    try world.decide(.reject, on: subject, by: World.rolf, id: veto)
    try world.remove(World.rolf)
    #expect(world.withdrawDecision(veto, on: subject, by: World.ada) == .rejected(.selfApproval))
  }

  @Test func `a comment on something withdrawn is applied`() {
    var world = World.populated()
    let subject = world.post()
    world.withdraw([subject])
    #expect(world.act(World.rita, .comment(world.commenting(subject, text: "A pity."))).status == .applied)
  }

  @Test func `no rule orders by device clocks`() throws {
    var world = World.populated()
    let subject = world.post()
    world.now = 5
    #expect(try world.decide(.approve, on: subject, by: World.rita).status == .applied)
  }

  @Test func `a kind of mutation that a newer device knows is refused as unsupported`() {
    var world = World.populated()
    let actor = Actor(member: World.rita.id, device: World.rita.device)
    // Field 99, a message of no bytes.
    #expect(world.act(actor, [0x9A, 0x06, 0x00]) == .rejected(.unsupported))
    #expect(world.act(actor, [0xFF]) == .rejected(.malformed))
    #expect(world.act(actor, []) == .rejected(.malformed))
  }
}
