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
    var found: [String] = []
    var refused: [ChangeResult] = []
    let references = try DecisionTargets.references(posts, in: shell)
    try DecisionTargets.check(references)
    for reference in references {
      do { found.append(try profile.resolve(reference).post) } catch {
        refused.append(DecisionTargets.result(reference, error))
      }
    }
    let report = found.isEmpty ? nil : try profile.withdraw(posts: found, reason: reason)
    try await ChangeRun(profile: profile, options: change, answer: answer, shell: shell)
      .finish(report, verb: "withdraw", refused: refused)
  }
}
