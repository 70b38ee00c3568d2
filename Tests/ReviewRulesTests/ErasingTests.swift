// Erasing: who may, what goes, what stays, and what is refused.
import ReviewModel
import ReviewRules
import Testing
import Trust

@Suite struct ErasingTests {
  private var world = World.populated()

  private func value(_ key: EntityKey) throws -> EntityValue { try #require(world.store[key]).value }

  @Test mutating func `a withdrawn post loses its words and keeps its facts`() throws {
    let post = world.post()
    let head = try world.head(post)
    world.withdraw([post])
    let before = try value(.revision(head))
    #expect(
      world.erase([.revision(head), .subject(post)]) == Outcome(targets: [.init(status: .applied), .init(status: .applied)]))
    #expect(try value(.revision(head)) == before.withoutWords)
    #expect(try value(.revision(head)).isErased && value(.subject(post)).isErased)
    #expect(world.lastDecided?.erasedParts.contains(head) == true && world.lastDecided?.erasedParts.count == 2)
    #expect(world.lastDecided?.touched.contains(.subject(post)) == true)
    let subject = try world.subject(post)
    #expect(subject.heads == [head] && subject.withdrawalReason.isEmpty && subject.withdrawnBy != nil)
  }

  @Test mutating func `what was said goes, with all its earlier versions`() throws {
    let post = world.post()
    let decision: DecisionID = world.newID()
    let remark = world.commenting(post, text: "Mrs Huber takes it too")
    world.act(World.rita, .comment(remark))
    world.edit(remark.comment, by: World.rita, text: "A patient takes it too")
    try world.decide(.reject, on: post, by: World.rita, id: decision)
    #expect(world.erase([.comment(remark.comment), .decision(decision)]).status == .applied)
    #expect(world.lastDecided?.erasedParts.count == 3)
    #expect(try value(.comment(remark.comment)).isErased && value(.decision(decision)).isErased)
    let held = try world.decision(decision)
    #expect(held.verdict == .reject && held.member == World.rita.id)
    #expect(try world.state(post) == .rejected, "the veto stands without its words")
  }

  @Test mutating func `what was erased is not written anew by an edit`() throws {
    let remark = world.commenting(world.post(), text: "Mrs Huber takes it too")
    world.act(World.rita, .comment(remark))
    world.erase([.comment(remark.comment)])
    #expect(world.edit(remark.comment, by: World.rita, text: "A patient takes it too").code == .erased)
    #expect(try value(.comment(remark.comment)).isErased)
  }

  @Test mutating func `names of members, devices, campaigns, items and pauses go`() throws {
    let item = world.newItem(by: World.emil)
    world.create(item, by: World.emil, submits: true)
    let pause: PauseID = world.newID()
    world.pause(pause, by: World.rita)
    #expect(
      world.erase([.member(World.rita.id), .device(World.rita.device), .pause(pause)]).targets.map(\.status) == [
        .applied, .applied, .applied,
      ])
    #expect(world.erase([.item(item.item), .campaign(World.campaign)]).targets.map(\.status) == [.applied, .applied])
    for key in [.member(World.rita.id), .device(World.rita.device), .pause(pause), .item(item.item), .campaign(World.campaign)]
      as [EntityKey]
    {
      #expect(try value(key).isErased, "\(key)")
    }
    #expect(try world.decide(.approve, on: item.posts[0].subject, by: World.rita).status == .applied, "she is there still")
  }

  @Test mutating func `an invitation for a further device says a name too, and it goes as well`() throws {
    let nina = World.person("Nina")
    world.invite(nina, roles: [.viewer], by: World.ada, inviteKey: World.key("invite for a laptop"))
    world.invite(nina, roles: [.viewer], by: World.ada, inviteKey: World.key("invite for a phone"), name: "Nina Huber")
    world.erase([.member(nina.id)])
    #expect(world.lastDecided?.erasedParts.count == 2)
    #expect(try value(.member(nina.id)).isErased)
    world.invite(nina, roles: [.viewer], by: World.ada, inviteKey: World.key("invite for a tablet"))
    #expect(world.lastDecided?.erasedParts.count == 1, "nor is it kept when it comes again")
    #expect(try value(.member(nina.id)).isErased)
  }

  @Test mutating func `an older version may be erased while the post goes on`() throws {
    let post = world.post()
    let first = try world.head(post)
    let late = try world.revised(post, base: first, by: World.edda) { $0.text = "Drink wine." }
    let lateParts = world.parts
    world.parts = []
    try world.revise(post, text: "Drink tea.")
    #expect(world.erase([.revision(first)]).status == .applied)
    #expect(try world.revise(post, text: "Drink juice.").status == .applied)
    world.parts = lateParts
    #expect(world.act(World.edda, .revise(late)).status == .applied)
    #expect(try world.state(post) == .conflicted, "nobody can merge what cannot be read")
  }

  @Test mutating func `an erased version on the way breaks no line`() throws {
    let post = world.post(text: "Drink enough water every day.")
    let first = try world.head(post)
    try world.revise(post, text: "Drink enough tea every day.")
    let second = try world.head(post)
    try world.revise(post, text: "Drink enough green tea every day.")
    world.erase([.revision(second)])
    let outcome = try world.revise(post, base: first, by: World.edda, text: "Drink enough water every single day.")
    #expect(outcome.status == .applied)
    #expect(try world.content(world.head(post)).text == "Drink enough green tea every single day.")
  }

  @Test mutating func `what is current, or somebody's draft, is withdrawn first`() throws {
    let post = world.post()
    let head = try world.head(post)
    let draft = try #require(try world.revise(post, text: "Drink tea.", isDraft: true).targets.first?.result)
    #expect(world.erase([.revision(head), .revision(draft)]).targets.map(\.code) == [.stillCurrent, .stillCurrent])
    world.withdraw([post])
    #expect(world.erase([.revision(head), .revision(draft)]).targets.map(\.status) == [.applied, .applied])
  }

  @Test mutating func `each target is refused by itself, and twice is nothing new`() throws {
    let post = world.post()
    world.withdraw([post])
    let head = try world.head(post)
    let outcome = world.erase([.revision(head), .comment(world.newID()), .thread(world.newID()), .tenant(world.tenant)])
    #expect(outcome.targets.map(\.code) == [nil, .notFound, .notFound, .notFound])
    #expect(world.erase([.revision(head)]).code == .nothingChanged)
    #expect(world.erase([.subject(world.post())]).code == .nothingChanged, "it was never withdrawn")
  }

  @Test mutating func `only admins, with a reason, of one campaign, and not without end`() throws {
    let post = world.post()
    world.withdraw([post])
    let head = EntityKey.revision(try world.head(post))
    #expect(world.erase([head], by: World.emil).code == .notPermitted)
    #expect(world.erase([head], reason: nil).code == .reasonRequired)
    #expect(world.erase([head], reason: " \n").code == .reasonRequired)
    #expect(world.erase([head, .member(World.rita.id)]).code == .mixedCampaigns)
    #expect(world.erase([]).code == .malformed)
    #expect(world.erase(Array(repeating: head, count: RuleLimits.targets + 1)).code == .tooManyTargets)
    #expect(world.erase([head]).status == .applied)
  }
}
