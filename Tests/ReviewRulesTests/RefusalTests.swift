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

  @Test func `every code has a sentence of its own and a remedy`() {
    for code in RefusalCode.allCases {
      for text in [code.sentence, code.remedy] {
        #expect(text.hasSuffix(".") && text.first?.isUppercase == true && text.count > 10, "\(code)")
      }
    }
    #expect(Set(RefusalCode.allCases.map(\.sentence)).count == RefusalCode.allCases.count)
  }
}
