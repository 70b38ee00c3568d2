// `countersign thread`: what was said about a post.
import ArgumentParser
import ClientCore

/// Shows what was said about a post.
struct ThreadCommand: ShellCommand {
  static let configuration = CommandConfiguration(commandName: "thread", abstract: "Show what was said about a post.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions

  @Argument(help: ArgumentHelp("The post.", valueName: "post"))
  var post: String

  func run(in shell: Shell) async throws {
    let profile = try profile.openFetched(in: shell)
    let comments = try profile.show(try profile.resolve(post).post, markRead: false).comments
    if answer.isJSON { return try answer.write(list: comments, identifier: "comment", in: shell) }
    if comments.isEmpty { shell.note("Nobody has said anything yet.") }
    shell.show(SubjectPage(shell: shell, profile: profile).thread(comments), usesPager: !answer.noPager)
    try Freshness.show(profile, in: shell)
  }
}
