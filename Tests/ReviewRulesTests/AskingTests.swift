// Who is asked to decide, and how a reviewer passes the asking on.
import ReviewModel
import ReviewRules
import Testing

@Suite struct AskingTests {
  @Test func `only who can see the campaign can be asked to decide`() throws {
    var world = World.populated()
    let subject = world.post()
    #expect(world.assign([World.rita, World.rolf], to: subject).status == .applied)
    #expect(try world.subject(subject).assigned == [World.rita.id, World.rolf.id])
    #expect(world.assign([World.olga], to: subject) == .rejected(.notFound))
    #expect(world.assign([World.rita, World.rolf], to: subject) == .rejected(.nothingChanged))
  }
}
