// `countersign request-changes`: sends exact revisions back to the editors, with a reason.
import ArgumentParser

/// Asks for changes of exact revisions.
struct RequestChangesCommand: ChangeCommand {
  static let configuration = CommandConfiguration(
    commandName: "request-changes", abstract: "Ask for changes of exactly the revisions that you saw.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions

  @Option(name: [.short, .long], help: "Why; required (asked for on a terminal).")
  var reason: String?

  @Argument(help: ArgumentHelp("POST@DIGEST, as many as you like, or - for standard input.", valueName: "post@digest"))
  var targets: [String]

  func run(in shell: Shell) async throws {
    let reason = try ReasonPrompt.given(reason, verb: "request-changes", reads: targets, in: shell)
    let profile = try profile.open(in: shell)
    try await DecisionRun(
      verdict: "request_changes", verb: "request-changes", profile: profile, shell: shell, options: change, answer: answer
    ).run(targets, reason: reason)
  }
}
