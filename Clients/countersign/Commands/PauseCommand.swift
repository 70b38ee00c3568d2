// `countersign pause` and `countersign resume`: a switch is NOT IN FORCE until the server has answered.
import ArgumentParser
import ClientCore

/// Stops publishing for everybody in the tenant.
struct PauseCommand: ChangeCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Stop all publishing (reviewers, editors and admins).",
    discussion: "It goes ahead of everything that waits. Until the server has answered it is NOT IN FORCE (exit code 7).")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions

  @Option(name: [.short, .long], help: "Why.")
  var reason: String?

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    let report = try profile.pause(reason: reason)
    try await SwitchRun(profile: profile, options: change, answer: answer, shell: shell).finish(report, verb: "pause")
  }
}

/// Lifts every pause that this device knows of.
struct ResumeCommand: ChangeCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Lift every pause that this device knows of, and no other (admins).")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    let report = try profile.resume()
    try await SwitchRun(profile: profile, options: change, answer: answer, shell: shell).finish(report, verb: "resume")
  }
}

/// Says plainly whether a switch is in force.
struct SwitchRun {
  let profile: Profile
  let options: ChangeOptions
  let answer: AnswerOptions
  let shell: Shell

  /// - Throws: exit code 7 while the server has not answered, whether or not anybody waits.
  ///
  /// - Parameter closing: what is said below what was not refused.
  func finish(_ report: ChangeReport, verb: String, closing: String? = nil) async throws {
    let delivery = try await DeliveryRun(profile: profile, options: options, shell: shell).deliver(report.mutations)
    let results = ChangeRun.merged(report.results, delivery: delivery, isWaiting: true)
    let refusal = Self.refusal(in: results)
    let isInForce = delivery.isComplete && refusal == nil
    if answer.isJSON {
      let value = ChangeAnswer(
        mutations: report.mutations, results: results, sync: delivery.sync, detail: delivery.detail)
      try answer.write(value, identifier: "mutations", in: shell)
    } else if let refusal {
      for line in ChangeRun.lines(refusal, verb: verb, in: shell) { shell.output.line(line) }
    } else {
      let words = isInForce ? shell.palette.paint("in force", .green) : shell.palette.paint("NOT IN FORCE", .red)
      shell.output.line("\(verb)  \(words)\(isInForce ? "" : " until the server has answered")")
      shell.output.flush()
      if let closing { shell.note(closing) }
      if let note = delivery.note { shell.note(note, .dim) }
    }
    if let refusal { throw CommandFailure.silent(refusal.exit == 0 ? ExitStatus.rejected.rawValue : refusal.exit) }
    if !isInForce { throw CommandFailure.silent(delivery.unansweredExit) }
  }

  /// The first that neither was applied nor waits: refused, parked, or put aside because its stored bytes were damaged.
  static func refusal(in results: [ChangeResult]) -> ChangeResult? {
    results.first { $0.status != "applied" && $0.status != "queued" }
  }
}
