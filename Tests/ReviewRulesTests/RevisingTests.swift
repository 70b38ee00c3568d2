// Revisions, drafts, submissions and merges.
import ReviewModel
import ReviewRules
import Testing
import Trust

@Suite struct RevisingTests {
  @Test func `nobody outside the editors sees a post before it is submitted`() throws {
    var world = World.populated()
    let item = world.newItem(by: World.emil)
    world.create(item, by: World.emil)
    let post = item.posts[0]
    for key in [EntityKey.subject(post.subject), .item(item.item), .revision(post.revision)] {
      #expect(world.scope(key) == .campaignInternal(World.campaign))
    }
    #expect(try world.state(post.subject) == .draft)
    #expect(world.act(World.rita, .comment(world.commenting(post.subject, text: "?"))) == .rejected(.notFound))
    #expect(try world.submit(post.subject).status == .applied)
    for key in [EntityKey.subject(post.subject), .item(item.item), .revision(post.revision)] {
      #expect(world.scope(key) == .campaign(World.campaign))
    }
    #expect(try world.state(post.subject) == .inReview)
  }

  @Test func `a submission binds the campaign's policy, else the tenant's`() throws {
    var world = World.populated(policy: ApprovalPolicy(approvals: 3))
    let first = world.post()
    #expect(try world.subject(first).submission?.policy.approvals == 3)
    world.setPolicy(ApprovalPolicy(approvals: 1), campaign: World.campaign)
    let second = world.post()
    #expect(try world.subject(second).submission?.policy.approvals == 1)
    #expect(try world.subject(first).submission?.policy.approvals == 3, "what waits keeps what bound it")
  }

  @Test func `revising a submitted post puts it in review at once and clears what was decided`() throws {
    var world = World.populated()
    let subject = world.post()
    try world.decide(.approve, on: subject, by: World.rita)
    try world.revise(subject, by: World.edda, text: "Drink enough tea.")
    #expect(try world.subject(subject).standing.isEmpty)
    #expect(try world.state(subject) == .inReview)
    #expect(try world.subject(subject).authors == [World.emil.id, World.edda.id])
    #expect(world.scope(.revision(try world.head(subject))) == .campaign(World.campaign))
  }

  @Test func `after an approval only who wrote since counts as author`() throws {
    var world = World.populated(policy: ApprovalPolicy(approvals: 1))
    let subject = world.post()
    try world.decide(.approve, on: subject, by: World.rita)
    try world.revise(subject, by: World.edda, text: "Drink enough tea.")
    #expect(try world.subject(subject).authors == [World.edda.id])
  }

  @Test func `a draft changes nothing until it is submitted`() throws {
    var world = World.populated()
    let subject = world.post()
    let before = world.store[.subject(subject)]
    let outcome = try world.revise(subject, text: "Drink enough tea.", isDraft: true)
    let draft = try #require(outcome.targets[0].result)
    #expect(world.store[.subject(subject)] == before)
    #expect(world.scope(.revision(draft)) == .campaignInternal(World.campaign))
    #expect(world.scope(.draft(subject)) == .campaignInternal(World.campaign))
    #expect(try world.submit(subject, draft) == .applied(result: draft))
    #expect(try world.head(subject) == draft)
    #expect(world.store[.draft(subject)] == nil)
    #expect(world.scope(.revision(draft)) == .campaign(World.campaign))
  }

  @Test func `a draft goes on from itself, and its authors come with it`() throws {
    var world = World.populated()
    let subject = world.post()
    let first = try #require(try world.revise(subject, text: "One.", isDraft: true).targets[0].result)
    let second = try #require(
      try world.revise(subject, base: first, by: World.edda, text: "Two.", isDraft: true).targets[0].result)
    #expect(try world.submit(subject, first) == .rejected(.staleRevision, current: second))
    try world.submit(subject, second)
    #expect(try world.subject(subject).authors == [World.emil.id, World.edda.id])
  }

  @Test func `a draft that the current revision has overtaken is merged with it`() throws {
    var world = World.populated()
    let subject = world.post(text: "one two three")
    let draft = try #require(try world.revise(subject, text: "one two THREE", isDraft: true).targets[0].result)
    try world.revise(subject, by: World.edda, text: "ONE two three")
    let outcome = try world.submit(subject, draft)
    let merged = try world.head(subject)
    #expect(outcome == .applied(result: merged))
    #expect(try world.content(merged).text == "ONE two THREE")
  }

  @Test func `a draft that changed the same words as the current revision becomes a second head`() throws {
    var world = World.populated()
    let subject = world.post(text: "one two three")
    let draft = try #require(try world.revise(subject, text: "one two vier", isDraft: true).targets[0].result)
    try world.revise(subject, by: World.edda, text: "one two four")
    #expect(try world.submit(subject, draft) == .applied(result: draft))
    #expect(try world.state(subject) == .conflicted)
    #expect(world.scope(.revision(draft)) == .campaign(World.campaign))
  }

  @Test func `a conflict among drafts stays among drafts and is merged there`() throws {
    var world = World.populated()
    let subject = world.post(text: "one two three")
    let base = try world.head(subject)
    try world.revise(subject, base: base, by: World.emil, text: "one two vier", isDraft: true)
    try world.revise(subject, base: base, by: World.edda, text: "one two four", isDraft: true)
    let draft = try world.draft(subject)
    #expect(draft.heads.count == 2)
    #expect(try world.submit(subject, draft.heads[0]) == .rejected(.conflicted))
    let outcome = try world.merge(subject, heads: draft.heads, text: "one two 4")
    let merged = try #require(outcome.targets[0].result)
    #expect(world.scope(.revision(merged)) == .campaignInternal(World.campaign))
    #expect(try world.head(subject) == base)
    #expect(try world.submit(subject, merged).status == .applied)
  }

  @Test func `a chain of offline revisions goes on after its first was merged`() throws {
    var world = World.populated()
    let subject = world.post(text: "one two three four")
    let base = try world.head(subject)
    try world.revise(subject, base: base, by: World.emil, text: "ONE two three four")
    let first = try world.revised(subject, base: base, by: World.edda) { $0.text = "one two three FOUR" }
    world.act(World.edda, .revise(first))
    try world.revise(subject, base: first.revision, by: World.edda, text: "one two THREE FOUR")
    #expect(try world.content(world.head(subject)).text == "ONE two THREE FOUR")
    #expect(try world.subject(subject).heads.count == 1)
  }

  @Test func `where both made the same change, decisions stay and later revisions go on`() throws {
    var world = World.populated()
    let subject = world.post(text: "one two three")
    let base = try world.head(subject)
    try world.revise(subject, base: base, by: World.emil, text: "ONE two three")
    let head = try world.head(subject)
    try world.decide(.approve, on: subject, by: World.rita)
    let same = try world.revised(subject, base: base, by: World.edda) { $0.text = "ONE two three" }
    #expect(world.act(World.edda, .revise(same)) == .applied(result: head))
    #expect(try world.head(subject) == head)
    #expect(try world.subject(subject).standing.count == 1)
    try world.revise(subject, base: same.revision, by: World.edda, text: "ONE two THREE")
    #expect(try world.content(world.head(subject)).text == "ONE two THREE")
    try world.revise(subject, base: head, by: World.emil, text: "ONE TWO three")
    #expect(try world.content(world.head(subject)).text == "ONE TWO THREE")
  }

  @Test func `a draft that says what is current already is settled without a new revision`() throws {
    var world = World.populated()
    let subject = world.post(text: "one two three")
    let draft = try #require(try world.revise(subject, text: "ONE two three", isDraft: true).targets[0].result)
    try world.revise(subject, by: World.edda, text: "ONE two three")
    let head = try world.head(subject)
    #expect(try world.submit(subject, draft) == .applied(result: head))
    #expect(try world.head(subject) == head)
    #expect(world.store[.draft(subject)] == nil)
  }

  @Test func `a revision of one of several heads takes its place`() throws {
    var world = World.populated()
    let subject = try world.conflictedPost()
    let heads = try world.subject(subject).heads
    let outcome = try world.revise(subject, base: heads[1], by: World.edda, text: "Drink enough milk.")
    #expect(try world.subject(subject).heads == [heads[0], try #require(outcome.targets[0].result)])
  }

  @Test func `a revision from a base of another subject is refused`() throws {
    var world = World.populated()
    let subject = world.post()
    let other = world.post(text: "Sleep enough.")
    let foreign = try world.head(other)
    let body = try world.revised(subject, base: foreign, by: World.emil) {
      $0.subject = subject
      $0.text = "Sleep more."
    }
    let current = try world.head(subject)
    #expect(world.act(World.emil, .revise(body)) == .rejected(.unknownBase, current: current))
  }

  @Test func `an unsubmitted post is revised on its own line even as a draft`() throws {
    var world = World.populated()
    let subject = world.post(submitted: false)
    try world.revise(subject, text: "Drink enough tea.", isDraft: true)
    #expect(world.store[.draft(subject)] == nil)
    #expect(try world.content(world.head(subject)).text == "Drink enough tea.")
    #expect(world.scope(.revision(try world.head(subject))) == .campaignInternal(World.campaign))
  }

  @Test func `a text in another Unicode form is another text`() throws {
    var world = World.populated()
    let subject = world.post(text: "Caf\u{E9}")
    #expect(try world.revise(subject, text: "Cafe\u{301}").status == .applied)
  }
}
