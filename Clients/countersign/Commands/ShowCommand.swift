// `countersign show`: one post on one page, ending with what to type to decide on it.
import ArgumentParser
import ClientCore

/// Shows one post with everything that belongs to it.
struct ShowCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a post: text, limits, decisions, conversation, and what to type to decide on it.",
    discussion: "What was shown counts as read: `diff` compares with it later.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions

  @Flag(help: "Do not remember that this revision was read.")
  var peek = false

  @Argument(help: ArgumentHelp("The post.", valueName: "post"))
  var post: String

  func run(in shell: Shell) async throws {
    let profile = try profile.openFetched(in: shell)
    let detail = try profile.show(try profile.resolve(post).post, markRead: !peek)
    if answer.isJSON { return try answer.write(detail, identifier: "summary", in: shell) }
    shell.show(SubjectPage(shell: shell, profile: profile).lines(detail), usesPager: !answer.noPager)
    try Freshness.show(profile, in: shell)
  }
}
