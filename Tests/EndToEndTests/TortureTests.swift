// A short play of `make torture`, so that it does not rot: a bad network, kills and freezes, with and without TLS.
import Testing
import TortureKit

@Suite(.serialized) struct TortureTests {
  @Test(arguments: [true, false])
  func `some seconds of torture leave nothing lost, doubled or broken`(isPlainText: Bool) async throws {
    var plan = TorturePlan(seed: isPlainText ? 3 : 2, seconds: 6)
    plan.isPlainText = isPlainText
    plan.leastTurns = 5
    plan.posts = 16
    plan.editors = 1
    plan.hasSmallDisks = false
    let torture = try await Torture(plan)
    #expect(try await torture.play() == [])
    print("torture: \(torture.summary)")
    #expect(torture.counts.count > 4, "too little has happened: \(torture.counts)")
  }
}
