// What `request-changes`, `reject` and `hold` share: they decide on exact revisions, and say why.
import ArgumentParser

/// A decision with a reason.
struct ReasonedDecisionOptions: ParsableArguments {
  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions

  @Option(name: [.short, .long], help: "Why; required (asked for on a terminal).")
  var reason: String?

  @Argument(help: ArgumentHelp("POST@DIGEST, as many as you like, or - for standard input.", valueName: "post@digest"))
  var targets: [String]

  func decide(_ verdict: String, verb: String, in shell: Shell) async throws {
    let reason = try ReasonPrompt.given(reason, verb: verb, reads: targets, in: shell)
    let profile = try profile.open(in: shell)
    try await DecisionRun(
      verdict: verdict, verb: verb, profile: profile, shell: shell, options: change, answer: answer
    ).run(targets, reason: reason)
  }
}
