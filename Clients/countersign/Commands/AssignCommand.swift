// `countersign assign`: says who is asked to decide on a post.
import ArgumentParser
import ClientCore

/// Says who is asked to decide.
struct AssignCommand: ChangeCommand {
  static let configuration = CommandConfiguration(commandName: "assign", abstract: "Say who is asked to decide on a post.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions

  @Argument(help: ArgumentHelp("The post.", valueName: "post"))
  var post: String

  @Argument(help: ArgumentHelp("Names or ids of members.", valueName: "member"))
  var members: [String]

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    let report = try profile.assign(post: try profile.resolve(post).post, members: members)
    try await ChangeRun(profile: profile, options: change, answer: answer, shell: shell).finish(report, verb: "assign")
  }
}
