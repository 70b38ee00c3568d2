// `countersign hold`: keeps exact revisions back for now, with a reason.
import ArgumentParser

/// Holds exact revisions back.
struct HoldCommand: ChangeCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold", abstract: "Hold back exactly the revisions that you saw, for now.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions

  @Option(name: [.short, .long], help: "Why; required (asked for on a terminal).")
  var reason: String?

  @Argument(help: ArgumentHelp("POST@DIGEST, as many as you like, or - for standard input.", valueName: "post@digest"))
  var targets: [String]

  func run(in shell: Shell) async throws {
    let reason = try ReasonPrompt.given(reason, verb: "hold", reads: targets, in: shell)
    let profile = try profile.open(in: shell)
    try await DecisionRun(
      verdict: "hold", verb: "hold", profile: profile, shell: shell, options: change, answer: answer
    ).run(targets, reason: reason)
  }
}
