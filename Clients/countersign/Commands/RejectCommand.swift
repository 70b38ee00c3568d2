// `countersign reject`: a signed no to exact revisions, with a reason.
import ArgumentParser

/// Rejects exact revisions.
struct RejectCommand: ChangeCommand {
  static let configuration = CommandConfiguration(commandName: "reject", abstract: "Reject exactly the revisions that you saw.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions

  @Option(name: [.short, .long], help: "Why; required (asked for on a terminal).")
  var reason: String?

  @Argument(help: ArgumentHelp("POST@DIGEST, as many as you like, or - for standard input.", valueName: "post@digest"))
  var targets: [String]

  func run(in shell: Shell) async throws {
    let reason = try ReasonPrompt.given(reason, verb: "reject", reads: targets, in: shell)
    let profile = try profile.open(in: shell)
    try await DecisionRun(
      verdict: "reject", verb: "reject", profile: profile, shell: shell, options: change, answer: answer
    ).run(targets, reason: reason)
  }
}
