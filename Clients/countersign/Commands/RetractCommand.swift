// `countersign retract`: takes a decision back that the server has already.
import ArgumentParser
import ClientCore

/// Takes own decisions back that the server has already.
struct RetractCommand: ChangeCommand {
  static let configuration = CommandConfiguration(
    commandName: "retract", abstract: "Take back your standing decision on a post.",
    discussion: "What has not been sent yet is better taken back by `undo`, which leaves no trace.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions

  @Argument(help: ArgumentHelp("The post.", valueName: "post"))
  var post: String

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    let report = try profile.withdrawDecision(post: try profile.resolve(post).post)
    try await ChangeRun(profile: profile, options: change, answer: answer, shell: shell).finish(report, verb: "retract")
  }
}
