// What `review` tells of the answers to everything that was said in it.
import Testing

@testable import ClientCore
@testable import countersign

@Suite struct ReviewAnswerTests {
  private func result(_ status: String, _ exit: Int32, code: String = "") -> ChangeResult {
    ChangeResult(post: "p", revision: "r", status: status, code: code, reason: "", exit: exit)
  }

  private func answers(_ tally: ReviewSession.Tally, _ answered: [ChangeResult]) -> ReviewCommand.Answers {
    ReviewCommand.answers(
      to: tally, delivery: Delivery(sync: "synced", answered: answered, isComplete: true), isWaiting: false)
  }

  @Test func `what was parked, damaged or refused is told, decisions and remarks alike`() {
    let tally = ReviewSession.Tally(results: [result("queued", 0)], remarks: [result("queued", 0)], mutations: ["1", "2"])
    let both = answers(tally, [result("rejected", 8, code: "not_permitted"), result("parked", 8)])
    #expect(both.refused.map(\.verb) == ["comment", "answer"])
    #expect(both.refused.map(\.result.status) == ["rejected", "parked"])
    #expect(both.remarks.map(\.exit) == [8] && both.decisions.map(\.exit) == [8])
    let damaged = answers(tally, [result("applied", 0), result("damaged", 8)])
    #expect(damaged.refused.map(\.result.status) == ["damaged"])
    #expect(answers(tally, [result("applied", 0), result("applied", 0)]).refused.isEmpty)
  }

  @Test func `what this device has refused is not told twice, and still counts`() {
    let tally = ReviewSession.Tally(results: [result("rejected", 6)], remarks: [result("rejected", 8)])
    let refused = answers(tally, [])
    #expect(refused.refused.isEmpty)
    #expect(refused.decisions.map(\.exit) == [6] && refused.remarks.map(\.exit) == [8])
  }

  @Test func `what is wrong with one post stops no review, what is wrong with the device does`() {
    for code in [ClientErrorCode.damaged, .notFound, .rejected, .badInput] {
      #expect(ReviewSession.isOfOnePost(ClientError(code, "")))
    }
    for code in [ClientErrorCode.diskTrouble, .cacheInUse, .wrongPassphrase, .noCache] {
      #expect(!ReviewSession.isOfOnePost(ClientError(code, "")))
    }
  }
}
