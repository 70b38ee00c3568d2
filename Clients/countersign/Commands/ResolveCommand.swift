// `countersign resolve`: marks a conversation as settled, the only open one unless named.
import ArgumentParser
import ClientCore

/// Marks a conversation as settled.
struct ResolveCommand: ChangeCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve", abstract: "Mark a conversation as settled.",
    discussion: "Without THREAD it takes the post's only open one.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions

  @Argument(help: ArgumentHelp("The post.", valueName: "post"))
  var post: String

  @Argument(help: ArgumentHelp("The thread (the digits that `thread` shows).", valueName: "thread"))
  var thread: String?

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    let reference = try profile.resolve(post)
    let report = try profile.resolveThread(thread: try chosen(reference.post, in: profile, shell))
    try await ChangeRun(profile: profile, options: change, answer: answer, shell: shell).finish(report, verb: "resolve")
  }

  private func chosen(_ post: String, in profile: Profile, _ shell: Shell) throws -> String {
    if let thread { return try CommentText.thread(thread, of: post, in: profile, shell) }
    let open = Set(try profile.show(post, markRead: false).comments.filter { !$0.isThreadResolved }.map(\.thread))
    guard let only = open.first, open.count == 1 else {
      throw CommandFailure(
        open.isEmpty ? .notFound : .usage, "which_thread",
        open.isEmpty ? "No conversation is open." : "Several conversations are open.",
        remedy: "Name one; \(shell.typed("thread", profile.shortID(post, digits: ShortForm.postDigits))) shows them.",
        details: open.sorted().map(ShortForm.post))
    }
    return only
  }
}
