// `countersign review`: walks through the queue, then sends what was decided.
import ArgumentParser
import ClientCore

/// Walks the queue.
struct ReviewCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "review", abstract: "Walk through what waits for you, one post at a time.",
    discussion: """
      Keys: a approve, c request changes, r reject, h hold, m comment, s skip, d diff, q stop, ? help. Without a terminal \
      each line of standard input is an answer, with its reason behind it.
      """)

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var change: ChangeOptions

  @Option(help: ArgumentHelp("Only this campaign: its name or the beginning of its id.", valueName: "campaign"))
  var campaign: String?

  @Option(help: ArgumentHelp("Only this platform.", valueName: "platform"))
  var platform: String?

  func run(in shell: Shell) async throws {
    let profile = try profile.openFetched(in: shell)
    let waiting = try profile.list(SubjectQuery(campaign: campaign, platform: platform, waitsForMe: true))
    if waiting.isEmpty {
      shell.note("Nothing waits for your decision.")
      return try Freshness.show(profile, in: shell)
    }
    let tally = try ReviewSession(profile: profile, shell: shell).run(waiting)
    let decided = tally.results.filter { $0.exit == 0 }.count
    shell.output.line("\(counted(decided, "decision")), \(counted(waiting.count - decided, "post")) left in your queue.")
    shell.output.flush()
    let delivery = try await DeliveryRun(profile: profile, options: change, shell: shell).deliver(tally.mutations)
    let answers = Self.answers(to: tally, delivery: delivery, isWaiting: change.wait != nil)
    for (verb, result) in answers.refused {
      for line in ChangeRun.lines(result, verb: verb, in: shell) { shell.output.line(line) }
    }
    let unanswered = answers.decisions.filter { $0.status == "queued" }.count
    if decided > 0 {
      let sent = counted(decided - unanswered, "decision")
      shell.output.line("\(sent) sent and answered, \(unanswered) waiting for the server.")
      shell.output.flush()
    }
    if let note = delivery.note { shell.note(note, delivery.isRefused ? .red : .dim) }
    let exit = ExitStatus.gravest((answers.decisions + answers.remarks).map(\.exit))
    if exit != 0 { throw CommandFailure.silent(exit) }
    // What was answered up to then was meant and is sent; the rest was lost.
    try shell.input.requireWhole()
  }

  /// What the server has answered to a review.
  struct Answers {
    var decisions: [ChangeResult] = []
    var remarks: [ChangeResult] = []
    /// What was sent and not applied, with what it is called. What this device has refused itself was told when it did.
    var refused: [(verb: String, result: ChangeResult)] = []
  }

  static func answers(to tally: ReviewSession.Tally, delivery: Delivery, isWaiting: Bool) -> Answers {
    // On each post remarks come before the decision, in the order in which they were answered.
    let said = tally.remarks + tally.results
    let merged = ChangeRun.merged(said, delivery: delivery, isWaiting: isWaiting)
    var answers = Answers()
    for (index, result) in merged.enumerated() {
      let isRemark = index < tally.remarks.count
      if isRemark { answers.remarks.append(result) } else { answers.decisions.append(result) }
      guard said[index].status == "queued", result.status != "queued", result.exit != 0 else { continue }
      answers.refused.append((isRemark ? "comment" : "answer", result))
    }
    return answers
  }
}
