// `countersign withdraw`: takes posts back, so that nothing becomes of them.
import ArgumentParser
import ClientCore

/// Takes posts back.
struct WithdrawCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw", abstract: "Take posts back, so that nothing becomes of them.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions

  @Option(name: [.short, .long], help: "Why.")
  var reason: String?

  @Argument(help: ArgumentHelp("Posts, as many as you like, or - for standard input.", valueName: "post"))
  var posts: [String]

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    let (found, refused) = try DecisionTargets.posts(posts, of: profile, in: shell)
    let report = found.isEmpty ? nil : try profile.withdraw(posts: found, reason: reason)
    try await ChangeRun(profile: profile, options: change, answer: answer, shell: shell)
      .finish(report, verb: "withdraw", refused: refused)
  }
}
