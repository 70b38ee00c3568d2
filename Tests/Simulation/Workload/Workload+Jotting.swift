// Much work in a short time: what somebody says of texts that he has, thousands of times, without looking around in between.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import Trust

extension Workload {
  /// Queues so many changes: remarks mostly, and decisions, revisions and pauses among them.
  func jot(_ count: Int) throws {
    for _ in 0..<Self.textsBeforeJotting { _ = try device.command("create item", createItem()) }
    let first = context.totals.mutations
    var subjects = try subjects()
    var lastLook = first
    while context.totals.mutations - first < count, !subjects.isEmpty {
      if context.totals.mutations - lastLook >= 500 {
        lastLook = context.totals.mutations
        subjects = try self.subjects()
      }
      switch random.below(40) {
      case 0: _ = try device.command("decide", decide())
      case 1: _ = try device.command("revise", revise())
      case 2: _ = try device.command("pause or resume", pauseOrResume())
      default: _ = try device.command("comment", remark(on: random.pick(subjects)))
      }
    }
  }

  private static let textsBeforeJotting = 20

  private var context: SimulationContext { device.context }

  func remark(on subject: SubjectEntity?) -> [Draft] {
    guard let subject else { return [] }
    let part = text(.comment, words: 8)
    var body = AddComment()
    body.subject = subject.id
    body.thread = random.identifier()
    body.comment = random.identifier()
    body.text = part.digest
    body.revision = subject.heads.first
    return [Draft(mutation: .comment(body), parts: [part])]
  }
}
