// Who is asked to decide, and how a reviewer passes the asking on.
import ReviewModel
import ReviewRules
import Testing

@Suite struct AskingTests {
  @Test func `only reviewers who can see the campaign can be asked to decide`() throws {
    var world = World.populated()
    let subject = world.post()
    #expect(world.assign([World.rita, World.rolf], to: subject).status == .applied)
    #expect(try world.subject(subject).assigned == [World.rita.id, World.rolf.id])
    #expect(world.assign([World.olga], to: subject) == .rejected(.notFound))
    #expect(world.assign([World.rita, World.vera], to: subject) == .rejected(.cannotDecide), "a viewer")
    #expect(world.assign([World.rita, World.rolf], to: subject) == .rejected(.nothingChanged))
  }

  @Test func `a delegate takes the place of who asked among those who are asked`() throws {
    var world = World.populated()
    let subject = world.post()
    world.assign([World.rita], to: subject)
    #expect(world.delegate([subject], to: World.rolf, by: World.rita).status == .applied)
    let value = try world.subject(subject)
    #expect(value.assigned == [World.rolf.id])
    #expect(value.delegations.map(\.member) == [World.rita.id])
    #expect(value.delegations.map(\.delegate) == [World.rolf.id])
  }

  @Test func `no right is handed over: the delegate's approval is the delegate's own, and who asked may still decide`() throws {
    var world = World.populated()
    let subject = world.post()
    world.delegate([subject], to: World.rolf, by: World.rita)
    #expect(try world.decide(.approve, on: subject, by: World.rolf).status == .applied)
    #expect(try world.subject(subject).standing.map(\.member) == [World.rolf.id])
    #expect(try world.decide(.reject, on: subject, by: World.rita).status == .applied)
    #expect(SubjectState.derive(from: try world.subject(subject)) == .rejected)
  }

  @Test func `nobody is asked who could not approve`() throws {
    var world = World.populated()
    let subject = world.post()
    #expect(world.delegate([subject], to: World.vera, by: World.rita) == .rejected(.cannotDecide))
    world.setRoles(of: World.emil, [.editor, .reviewer])
    #expect(world.delegate([subject], to: World.emil, by: World.rita) == .rejected(.cannotDecide), "an author")
    #expect(world.delegate([subject], to: World.olga, by: World.rita) == .rejected(.notFound), "not of the campaign")
    #expect(world.delegate([subject], to: World.rita, by: World.rita) == .rejected(.nothingChanged))
    #expect(world.delegate([subject], to: World.rolf, by: World.vera) == .rejected(.notPermitted))
    #expect(try world.subject(subject).delegations.isEmpty)
  }

  @Test func `who is asked anew has passed nothing on`() throws {
    var world = World.populated()
    let subject = world.post()
    world.delegate([subject], to: World.rolf, by: World.rita)
    #expect(world.delegate([subject], to: World.rolf, by: World.rita) == .rejected(.nothingChanged))
    #expect(world.delegate([subject], to: World.rita, by: World.rolf).status == .applied)
    #expect(try world.subject(subject).delegations.map(\.member) == [World.rolf.id])
    #expect(try world.subject(subject).assigned == [World.rita.id])
    #expect(world.assign([World.rita, World.rolf], to: subject).status == .applied)
    #expect(try world.subject(subject).delegations.isEmpty)
  }

  @Test func `each target has an outcome of its own`() {
    var world = World.populated()
    let subjects = [world.post(), world.post(), world.post()]
    world.withdraw([subjects[1]])
    let outcome = world.delegate(subjects + [World.id(of: "unknown")], to: World.rolf, by: World.rita)
    #expect(outcome.codes == [nil, .withdrawn, nil, .notFound])
    #expect(world.delegate([], to: World.rolf, by: World.rita) == .rejected(.malformed))
  }
}
