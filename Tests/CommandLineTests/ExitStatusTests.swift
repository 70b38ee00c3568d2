// The numbers that other people's scripts rely on.
import ClientCore
import Testing

@testable import countersign

@Suite struct ExitStatusTests {
  @Test func `every error has its number`() {
    let expected: [ClientErrorCode: Int32] = [
      .notEnrolled: 4, .refusedByServer: 4, .revisionMoved: 6, .notConfirmed: 7, .rejected: 8, .notPermitted: 8, .notFound: 9,
      .ambiguous: 9, .noCache: 10, .cacheInUse: 11, .wrongPassphrase: 12, .badInput: 64, .unreachable: 75, .cancelled: 3,
      .damaged: 1, .diskTrouble: 1,
    ]
    for code in ClientErrorCode.allCases { #expect(ExitStatus(code).rawValue == expected[code]) }
  }

  @Test func `of several targets the gravest counts`() {
    let order: [Int32] = [4, 5, 8, 6, 9, 7, 0]
    for (index, graver) in order.enumerated() {
      for lighter in order[index...] {
        #expect(ExitStatus.gravest([lighter, graver]) == graver)
        #expect(ExitStatus.gravest([graver, 0, lighter]) == graver)
      }
    }
    #expect(ExitStatus.gravest([]) == 0)
    #expect(ExitStatus.gravest([0, 1, 4]) == 1)
  }

  @Test func `a refused target keeps its own number in the output`() throws {
    let result = DecisionTargets.result("1a2b@89abcdef", ClientError(.notFound, "There is no such post."))
    #expect(result.exit == 9)
    #expect(result.post == "1a2b")
    #expect(result.revision == "89abcdef")
    #expect(result.status == "rejected")
  }

  @Test func `answers of the server replace predictions`() {
    func result(_ post: String, _ status: String, _ exit: Int32) -> ChangeResult {
      ChangeResult(post: post, revision: "r", status: status, code: "", reason: "", exit: exit)
    }
    let predicted = [result("a", "queued", 0), result("b", "rejected", 8), result("c", "queued", 0)]
    var delivery = Delivery(
      sync: "synced", answered: [result("a", "rejected", 6), result("c", "applied", 0)], isComplete: true)
    #expect(ChangeRun.merged(predicted, delivery: delivery, isWaiting: false).map(\.exit) == [6, 8, 0])
    delivery = Delivery(sync: "unreachable")
    #expect(ChangeRun.merged(predicted, delivery: delivery, isWaiting: false).map(\.exit) == [0, 8, 0])
    #expect(ChangeRun.merged(predicted, delivery: delivery, isWaiting: true).map(\.exit) == [7, 8, 7])
    // A session that was refused for good sends nothing, whether or not anybody waits.
    delivery = Delivery(sync: "refused", detail: "This device was revoked; ask an admin.")
    let unsent = ChangeRun.merged(predicted, delivery: delivery, isWaiting: false)
    #expect(unsent.map(\.exit) == [4, 8, 4])
    #expect(ChangeRun.line(unsent[0], verb: "approve", palette: Palette(isEnabled: false)).contains("NOT SENT"))
    #expect(delivery.note?.contains("This device was revoked; ask an admin. What you changed stays on this device") == true)
    delivery.isComplete = true
    #expect(delivery.unansweredExit(isWaiting: true) == 0 && delivery.note == nil)
  }

  @Test func `each of several changes about the same has its own answer`() {
    func result(_ status: String, _ exit: Int32) -> ChangeResult {
      ChangeResult(post: "", revision: "", status: status, code: "", reason: "", exit: exit)
    }
    func merged(_ predicted: [ChangeResult], _ answered: [ChangeResult]) -> [String] {
      let delivery = Delivery(sync: "synced", answered: answered, isComplete: true)
      return ChangeRun.merged(predicted, delivery: delivery, isWaiting: true).map(\.status)
    }
    let two = [result("queued", 0), result("queued", 0)]
    #expect(merged(two, [result("rejected", 8), result("applied", 0)]) == ["rejected", "applied"])
    #expect(merged(two, [result("applied", 0), result("parked", 8)]) == ["applied", "parked"])
    // What was refused here was not sent, and a remark that was made before a decision is answered before it.
    let rest = [result("rejected", 8), result("queued", 0)]
    #expect(merged(rest, [result("applied", 0), result("parked", 8)]) == ["rejected", "parked"])
  }

  @Test func `a process that was just woken gets as long as a try here, and nobody else does`() {
    let attempt = DeliveryRun.attemptMilliseconds
    #expect(DeliveryRun.patience(after: .poked, spent: 0, atMost: 0) == attempt)
    #expect(DeliveryRun.patience(after: .poked, spent: attempt - 5, atMost: 0) == 5)
    #expect(DeliveryRun.patience(after: .poked, spent: attempt * 2, atMost: 1_000) == 1_000)
    for tried in [SyncAttempt.timedOut, .unreachable("No."), .refused("No.")] {
      #expect(DeliveryRun.patience(after: tried, spent: 0, atMost: 0) == 0)
    }
  }

  @Test func `a switch is in force only if it was applied`() {
    func refusal(_ statuses: String...) -> String? {
      let results = statuses.map { ChangeResult(post: "", revision: "", status: $0, code: "", reason: "", exit: 0) }
      return SwitchRun.refusal(in: results)?.status
    }
    #expect(refusal("applied") == nil && refusal("queued") == nil)
    for status in ["rejected", "parked", "damaged"] { #expect(refusal("applied", status) == status) }
    let damaged = ChangeResult(post: "", revision: "", status: "damaged", code: "", reason: "It differs.", exit: 8)
    let line = ChangeRun.line(damaged, verb: "pause", palette: Palette(isEnabled: false))
    #expect(line == "pause  NOT SENT, damaged on this device: It differs.")
  }
}
