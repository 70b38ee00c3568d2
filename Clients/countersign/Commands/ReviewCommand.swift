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
    let results = ChangeRun.merged(tally.results, delivery: delivery, isWaiting: change.wait != nil)
    for result in results where result.exit != 0 && result.status == "rejected" {
      for line in ChangeRun.lines(result, verb: "answer", in: shell) { shell.output.line(line) }
    }
    let unanswered = results.filter { $0.status == "queued" }.count
    if decided > 0 {
      let sent = counted(decided - unanswered, "decision")
      shell.output.line("\(sent) sent and answered, \(unanswered) waiting for the server.")
      shell.output.flush()
    }
    if let note = delivery.note { shell.note(note, delivery.isRefused ? .red : .dim) }
    // Remarks have no results of their own.
    let unsent = delivery.isRefused ? [delivery.unansweredExit] : []
    let exit = ExitStatus.gravest(results.map(\.exit) + unsent)
    if exit != 0 { throw CommandFailure.silent(exit) }
  }
}
