// Nothing is written that no frame could carry: what would be too large is refused whole, and no words are lost by it.
import ReviewModel
import Testing
import Trust

@testable import ReviewRules

@Suite struct SizeTests {
  // MARK: Decisions

  /// So many decisions of Dr Rita on the current revision.
  private func standing(_ count: Int, on revision: Digest) -> [StandingDecision] {
    (0..<count).map { number in
      var standing = StandingDecision()
      standing.decision = World.id(of: "standing \(number)")
      standing.member = World.rita.id
      standing.revision = revision
      standing.verdict = .hold
      standing.roles = Role.allCases
      return standing
    }
  }

  @Test func `a subject on which no more decisions can stand refuses the next one, and no other subject`() throws {
    var world = World.populated()
    let full = world.post()
    let other = world.post(text: "Sleep enough.")
    let head = try world.head(full)
    var value = try world.subject(full)
    value.standing = standing(RuleLimits.standingDecisions - 1, on: head)
    world.put(.campaign(World.campaign), .subject(value))
    let last: DecisionID = world.newID()
    #expect(try world.decide(.hold, on: full, by: World.rita, id: last).status == .applied)
    var body = world.deciding(.approve, on: full, head)
    body.targets += world.deciding(.approve, on: other, try world.head(other)).targets
    #expect(world.act(World.rolf, .decide(body)).codes == [.tooLarge, nil])
    #expect(try world.subject(full).standing.count == RuleLimits.standingDecisions)
    #expect(world.store[.decision(body.targets[0].decision)] == nil)
    #expect(try world.decide(.approve, on: full, by: World.rita, replaces: [last]).status == .applied, "it takes a place")
    #expect(try world.revise(full, text: "Drink enough tea.").status == .applied)
    #expect(try world.decide(.approve, on: full, by: World.rolf).status == .applied, "a new revision has room")
  }

  @Test func `a full subject has room for everything else that it may hold`() {
    var value = SubjectEntity()
    let name = String(repeating: "n", count: RuleLimits.nameByteCount)
    let people: [MemberID] = (0..<500).map { World.id(of: "author \($0)") }
    value.target = PostTarget(platform: name, account: name, locale: name, arm: name)
    value.heads = Array(repeating: .zero, count: RuleLimits.heads)
    value.authors = people
    value.standing = standing(RuleLimits.standingDecisions, on: .zero)
    value.assigned = Array(people.prefix(RuleLimits.targets))
    value.delegations = Array(repeating: Delegation(), count: RuleLimits.targets)
    value.replacedEarly = Array(repeating: EarlyReplacement(), count: RuleLimits.replacedEarly)
    value.withdrawalReason = String(repeating: "r", count: RuleLimits.remarkByteCount)
    value.partDigests = [.zero]
    #expect(!EntityValue.subject(value).isTooLarge)
  }

  // MARK: Entities

  @Test(arguments: [(3_300, true), (3_500, false)])
  func `an entity that no frame could carry is never written, and nothing beside it`(authors: Int, isFair: Bool) throws {
    var world = World.populated()
    let good = world.post()
    let large = world.post(text: "Sleep enough.")
    var value = try world.subject(large)
    value.authors = (0..<authors).map { World.id(of: "author \($0)") }
    world.put(.campaign(World.campaign), .subject(value))
    var body = world.deciding(.approve, on: good, try world.head(good))
    body.targets += world.deciding(.approve, on: large, try world.head(large)).targets
    let codes: [RefusalCode?] = isFair ? [nil, nil] : [.tooLarge, .tooLarge]
    #expect(world.act(World.rita, .decide(body)).codes == codes)
    #expect(world.lastChanges.isEmpty == !isFair)
    for target in body.targets { #expect((world.store[.decision(target.decision)] != nil) == isFair) }
  }

  @Test func `a stage may be larger, because it is never sent`() {
    var world = World.populated()
    var body = StageBatch()
    body.batch = world.newID()
    for _ in 0..<20 { body.items.append(world.newItem(by: World.emil, text: String(repeating: "w", count: 4_000))) }
    #expect(world.act(World.emil, .stageBatch(body)).status == .staged)
    #expect(world.store[.stage(body.batch, index: 0)]?.value.isTooLarge == true)
  }

  // MARK: Records

  @Test(arguments: [RuleLimits.touched, RuleLimits.touched + 1])
  func `a record links no more than fits into it, and the record of a refusal neither`(count: Int) {
    let actor = Actor(member: World.ada.id, device: World.ada.device)
    let context = World().context(actor, mutation: World.id(of: "a mutation"))
    var attempt = Attempt(context: context, parts: PartSet())
    for number in 0..<count {
      var device = DeviceEntity()
      device.id = SHA256.hash(Array("device \(number)".utf8))
      attempt.write(.device(device), in: .tenant)
    }
    var code: RefusalCode?
    do {
      try attempt.requireFairSizes()
    } catch {
      if case .refused(let outcome) = error { code = outcome.code }
    }
    let isFair = count <= RuleLimits.touched
    let expected: RefusalCode? = isFair ? nil : .tooLarge
    #expect(code == expected)
    #expect(attempt.touched.count == (isFair ? count : 0))
  }

  // MARK: Merges

  /// Two editors fill different fields of one revision: the first everything that is short, the second text and, if asked
  /// for, media and hashtags. Answers with the second one's change, which is not sent yet.
  private func meeting(_ world: inout World, _ subject: SubjectID, isLarge: Bool, isDraft: Bool = false) throws -> Revise {
    let base = try world.head(subject)
    var second = try world.revised(subject, base: base, by: World.edda) { content in
      content.text = String(repeating: "word ", count: 7_900)
      guard isLarge else { return }
      content.hashtags = (0..<30).map { "\($0 + 70)" + String(repeating: "s", count: 190) }
      let name = String(repeating: "m", count: RuleLimits.nameByteCount)
      let file = MediaReference(digest: .zero, byteCount: 1, mediaType: name, fileName: name)
      content.media = Array(repeating: file, count: RuleLimits.media)
    }
    second.isDraft = isDraft
    let parts = world.parts
    world.parts = []
    let first = try world.revised(subject, base: base, by: World.emil) { content in
      content.altText = String(repeating: "a", count: RuleLimits.remarkByteCount)
      content.hashtags = (0..<30).map { "\($0 + 10)" + String(repeating: "f", count: 190) }
    }
    if isDraft {
      let given = world.parts
      world.parts = parts
      #expect(world.act(World.edda, .revise(second)).status == .applied)
      world.parts = given
      #expect(world.act(World.emil, .revise(first)).status == .applied)
    } else {
      #expect(world.act(World.emil, .revise(first)).status == .applied)
      world.parts = parts
    }
    return second
  }

  @Test func `what merges into a revision of fair size is merged`() throws {
    var world = World.populated()
    let subject = world.post(text: String(repeating: "word ", count: 6_000))
    let second = try meeting(&world, subject, isLarge: false)
    #expect(world.act(World.edda, .revise(second)).status == .applied)
    let heads = try world.subject(subject).heads
    #expect(heads.count == 1 && heads != [second.revision])
  }

  @Test func `what would merge into a revision that is too large stays apart`() throws {
    var world = World.populated()
    let subject = world.post(text: String(repeating: "word ", count: 6_000))
    let second = try meeting(&world, subject, isLarge: true)
    let first = try world.head(subject)
    #expect(world.act(World.edda, .revise(second)) == .applied(result: second.revision))
    #expect(try world.subject(subject).heads == [first, second.revision])
    #expect(try world.state(subject) == .conflicted)
    #expect(try world.content(second.revision).media.count == RuleLimits.media, "nothing of it is lost")
  }

  @Test func `a draft that would merge into a revision that is too large becomes a second head`() throws {
    var world = World.populated()
    let subject = world.post(text: String(repeating: "word ", count: 6_000))
    let draft = try meeting(&world, subject, isLarge: true, isDraft: true).revision
    let first = try world.head(subject)
    #expect(try world.submit(subject, draft) == .applied(result: draft))
    #expect(try world.subject(subject).heads == [first, draft])
  }
}
