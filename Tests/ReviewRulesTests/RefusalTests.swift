// Every refusal code can be come by, changes nothing, and speaks plainly.
import ReviewModel
import ReviewRules
import Testing

@Suite struct RefusalTests {
  @Test(arguments: RefusalCode.allCases)
  func `every code has a story that ends in it, or is another layer's`(code: RefusalCode) throws {
    var world = World.populated()
    let outcome = try RefusalScenarios.outcome(of: code, in: &world)
    if RefusalScenarios.elsewhere.contains(code) {
      #expect(outcome == nil)
    } else {
      #expect(outcome?.code == code)
      #expect(outcome?.status == .rejected || outcome?.status == .parked)
      #expect(world.lastChanges.isEmpty, "what is refused writes nothing")
    }
  }

  @Test func `a list that names a subject twice is refused whole`() throws {
    var world = World.populated()
    let subject = world.post()
    let head = try world.head(subject)
    let draft = world.post(submitted: false)
    let twice: [RefusalCode?] = [.malformed, .malformed]
    var decide = world.deciding(.approve, on: subject, head)
    decide.targets += world.deciding(.approve, on: subject, head).targets
    #expect(world.act(World.rita, .decide(decide)).codes == twice)
    #expect(world.lastChanges.isEmpty)
    var submit = Submit()
    submit.targets = Array(repeating: RevisionTarget(subject: draft, revision: try world.head(draft)), count: 2)
    #expect(world.act(World.emil, .submit(submit)).codes == twice)
    #expect(world.delegate([subject, subject], to: World.rolf, by: World.rita).codes == twice)
    #expect(world.withdraw([subject, subject]).codes == twice)
    #expect(try world.submit(draft).status == .applied)
    #expect(world.delegate([subject, draft], to: World.rolf, by: World.rita).codes == [nil, nil])
    #expect(try world.decide(.approve, on: subject, by: World.rita).status == .applied)
    #expect(world.withdraw([subject, draft]).codes == [nil, nil])
  }

  @Test func `every code has a sentence of its own and a remedy`() {
    for code in RefusalCode.allCases {
      for text in [code.sentence, code.remedy] {
        #expect(text.hasSuffix(".") && text.first?.isUppercase == true && text.count > 10, "\(code)")
      }
    }
    #expect(Set(RefusalCode.allCases.map(\.sentence)).count == RefusalCode.allCases.count)
  }
}
