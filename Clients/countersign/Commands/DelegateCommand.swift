// `countersign delegate`: asks another reviewer to decide in one's place.
import ArgumentParser
import ClientCore

/// Asks another reviewer to decide in this person's place.
struct DelegateCommand: ChangeCommand {
  static let configuration = CommandConfiguration(
    commandName: "delegate", abstract: "Ask another reviewer to decide in your place.",
    discussion:
      "The posts leave your queue. Nobody's rights change: whoever decides does so in their own name, and you still may.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions

  @Option(help: ArgumentHelp("The name or id of a reviewer who wrote none of it.", valueName: "member"))
  var to: String

  @Argument(help: ArgumentHelp("Posts, as many as you like, or - for standard input.", valueName: "post"))
  var posts: [String]

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    let (found, refused) = try DecisionTargets.posts(posts, of: profile, in: shell)
    let report = found.isEmpty ? nil : try profile.delegate(posts: found, to: to)
    try await ChangeRun(profile: profile, options: change, answer: answer, shell: shell)
      .finish(report, verb: "delegate", refused: refused)
  }
}
