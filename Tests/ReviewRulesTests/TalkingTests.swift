// Comments, threads, and the pause.
import ReviewModel
import ReviewRules
import Testing

@Suite struct TalkingTests {
  @Test func `a comment opens its thread where the subject is seen`() {
    var world = World.populated()
    let subject = world.post()
    let body = world.commenting(subject, text: "Is the dose right?")
    #expect(world.act(World.vera, .comment(body)).status == .applied)
    #expect(world.scope(.comment(body.comment)) == .campaign(World.campaign))
    #expect(world.scope(.thread(body.thread)) == .campaign(World.campaign))
    let answer = world.commenting(subject, thread: body.thread, text: "Yes.")
    #expect(world.act(World.emil, .comment(answer)).status == .applied)
  }

  @Test func `internal talk stays among the editors`() {
    var world = World.populated()
    let subject = world.post()
    let body = world.commenting(subject, isInternal: true, text: "She never likes this.")
    #expect(world.act(World.rita, .comment(body)) == .rejected(.notPermitted))
    _ = world.text("She never likes this.", .comment)
    let own = world.commenting(subject, isInternal: true, text: "She never likes this.")
    #expect(world.act(World.emil, .comment(own)).status == .applied)
    #expect(world.scope(.comment(own.comment)) == .campaignInternal(World.campaign))
    let probe = world.commenting(subject, thread: own.thread, text: "What?")
    #expect(world.act(World.rita, .comment(probe)) == .rejected(.notFound))
    #expect(world.resolve(own.thread, by: World.rita) == .rejected(.notFound))
    #expect(world.edit(own.comment, by: World.rita, text: "x") == .rejected(.notFound))
  }

  @Test func `an internal remark in a thread that all can see is still internal`() {
    var world = World.populated()
    let subject = world.post()
    let open = world.commenting(subject, text: "Is this right?")
    world.act(World.rita, .comment(open))
    let aside = world.commenting(subject, thread: open.thread, isInternal: true, text: "No idea.")
    world.act(World.emil, .comment(aside))
    #expect(world.scope(.comment(aside.comment)) == .campaignInternal(World.campaign))
  }

  @Test func `talk about a post that is not submitted yet stays among the editors`() {
    var world = World.populated()
    let subject = world.post(submitted: false)
    let body = world.commenting(subject, text: "Shorter?")
    world.act(World.edda, .comment(body))
    #expect(world.scope(.comment(body.comment)) == .campaignInternal(World.campaign))
    #expect(world.scope(.thread(body.thread)) == .campaignInternal(World.campaign))
  }

  @Test func `a comment is edited by who wrote it`() throws {
    var world = World.populated()
    let subject = world.post()
    let body = world.commenting(subject, text: "Fine")
    world.act(World.rita, .comment(body))
    #expect(world.edit(body.comment, by: World.rolf, text: "Bad") == .rejected(.notOwnComment))
    #expect(world.edit(body.comment, by: World.rita, text: "Fine") == .rejected(.nothingChanged))
    #expect(world.edit(body.comment, by: World.rita, text: "Good").status == .applied)
    let comment = try world.comment(body.comment)
    #expect(comment.text == "Good" && comment.editedMilliseconds > comment.atMilliseconds)
  }

  @Test func `a thread is resolved once, not by a viewer`() {
    var world = World.populated()
    let body = world.commenting(world.post(), text: "Fine")
    world.parts = []
    let subject = world.post()
    let comment = world.commenting(subject, text: "Fine")
    world.act(World.rita, .comment(comment))
    #expect(world.resolve(comment.thread, by: World.vera) == .rejected(.notPermitted))
    #expect(world.resolve(comment.thread, by: World.rita).status == .applied)
    #expect(world.resolve(comment.thread, by: World.emil) == .rejected(.alreadyResolved))
    #expect(world.resolve(body.thread, by: World.emil) == .rejected(.notFound))
  }

  @Test func `reviewers pause, admins resume, viewers do neither`() {
    var world = World.populated()
    let pause: PauseID = world.newID()
    #expect(world.pause(pause, by: World.vera) == .rejected(.notPermitted))
    #expect(world.pause(pause, by: World.rita).status == .applied)
    #expect(world.scope(.pause(pause)) == .tenant)
    #expect(world.resume([pause], by: World.emil) == .rejected(.notPermitted))
    #expect(world.resume([pause]).status == .applied)
  }
}
