// `countersign comment` and `countersign comment edit`: writes a remark, or changes an own one.
import ArgumentParser
import ClientCore

/// Talks about a post.
struct CommentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "comment", abstract: "Write a comment on a post, or change one of yours.",
    subcommands: [CommentAddCommand.self, CommentEditCommand.self], defaultSubcommand: CommentAddCommand.self)
}

/// Writes a comment.
struct CommentAddCommand: ChangeCommand {
  static let configuration = CommandConfiguration(commandName: "add", abstract: "Write a comment on a post.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions
  @OptionGroup var source: TextOptions

  @Flag(help: "Only editors and admins see it.")
  var `internal` = false

  @Option(help: ArgumentHelp("Answer in this thread (the digits that `thread` shows).", valueName: "thread"))
  var thread: String?

  @Argument(help: ArgumentHelp("The post.", valueName: "post"))
  var post: String

  @Argument(help: ArgumentHelp("The words, unless --text, --file or the editor gives them.", valueName: "text"))
  var words: [String] = []

  func validate() throws { try source.requireAlone(beside: words) }

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    let reference = try profile.resolve(post)
    let thread = try thread.map { try CommentText.thread($0, of: reference.post, in: profile, shell) }
    let report = try CommentText.change(words, source, in: shell) { text in
      try profile.comment(post: reference.post, text: text, isInternal: self.internal, thread: thread)
    }
    try await ChangeRun(profile: profile, options: change, answer: answer, shell: shell).finish(report, verb: "comment")
  }
}

/// Changes an own comment.
struct CommentEditCommand: ChangeCommand {
  static let configuration = CommandConfiguration(commandName: "edit", abstract: "Change the text of a comment of yours.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions
  @OptionGroup var source: TextOptions

  @Argument(help: ArgumentHelp("The post.", valueName: "post"))
  var post: String

  @Argument(help: ArgumentHelp("The comment (the digits that `thread` shows).", valueName: "comment"))
  var comment: String

  @Argument(help: ArgumentHelp("The new words, unless --text, --file or the editor gives them.", valueName: "text"))
  var words: [String] = []

  func validate() throws { try source.requireAlone(beside: words) }

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    let reference = try profile.resolve(post)
    let comments = try profile.show(reference.post, markRead: false).comments
    let shown = shell.typed("thread", profile.shortID(reference.post, digits: ShortForm.postDigits))
    let old = try CommentText.only(
      comments.filter { $0.comment.hasPrefix(comment.lowercased()) }, "comment", comment, shownBy: shown)
    let report = try CommentText.change(words, source, editing: old.text, in: shell) { text in
      try profile.editComment(comment: old.comment, text: text)
    }
    try await ChangeRun(profile: profile, options: change, answer: answer, shell: shell).finish(report, verb: "comment edit")
  }
}

/// What a comment says, and which one is meant.
enum CommentText {
  /// A change with the words that were given, else with those that a person writes now.
  static func change(
    _ words: [String], _ source: TextOptions, editing old: String = "", in shell: Shell,
    _ change: (String) throws -> ChangeReport
  ) throws -> ChangeReport {
    if !words.isEmpty { return try change(words.joined(separator: " ")) }
    if let text = try source.given(in: shell) { return try change(text) }
    return try TextEditor.edit(old, shell: shell, change: change)
  }

  /// The full id of a post's thread that begins so, or that holds a comment that begins so.
  static func thread(_ prefix: String, of post: String, in profile: Profile, _ shell: Shell) throws -> String {
    let digits = prefix.lowercased()
    let comments = try profile.show(post, markRead: false).comments
    let found = Set(comments.filter { $0.thread.hasPrefix(digits) || $0.comment.hasPrefix(digits) }.map(\.thread))
    let shown = shell.typed("thread", profile.shortID(post, digits: ShortForm.postDigits))
    return try only(found.sorted(), "thread", prefix, shownBy: shown)
  }

  static func only<Element>(
    _ found: [Element], _ noun: String, _ prefix: String, shownBy line: String
  ) throws -> Element {
    guard let first = found.first, found.count == 1, !prefix.isEmpty else {
      let problem = found.count > 1 ? "More than one \(noun) begins with" : "This post has no \(noun)"
      throw CommandFailure(
        .notFound, found.count > 1 ? "ambiguous" : "not_found", "\(problem) \(SafeText.line(prefix)).",
        remedy: "\(line) shows them.")
    }
    return first
  }
}
