// `countersign approve`: a signed yes to exactly the revisions that were seen.
import ArgumentParser

/// Approves exact revisions.
struct ApproveCommand: ChangeCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Approve exactly the revisions that you saw.",
    discussion: "POST@DIGEST stands at the end of `show`. With - targets are read from standard input, one a line.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions

  @Option(name: [.short, .long], help: "Words that go with the decision.")
  var reason: String?

  @Argument(help: ArgumentHelp("POST@DIGEST, as many as you like, or - for standard input.", valueName: "post@digest"))
  var targets: [String]

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    try await DecisionRun(
      verdict: "approve", verb: "approve", profile: profile, shell: shell, options: change, answer: answer
    ).run(targets, reason: reason)
  }
}
