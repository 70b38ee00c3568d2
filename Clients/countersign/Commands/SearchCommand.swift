// `countersign search`: finds posts by the beginnings of words.
import ArgumentParser
import ClientCore

/// Finds posts by their words.
struct SearchCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "search", abstract: "Find posts in which all the words occur; the beginning of a word is enough.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions

  @Option(help: ArgumentHelp("At most so many.", valueName: "count"))
  var limit = 50

  @Argument(help: ArgumentHelp("Words to find.", valueName: "words"))
  var words: [String]

  func validate() throws {
    if limit < 1 { throw ValidationError("Give a limit of 1 or more.") }
  }

  nonisolated(nonsending) func run(in shell: Shell) async throws {
    let profile = try profile.openFetched(in: shell)
    // One more than is shown, to know whether the list was cut.
    let all = try profile.search(words.joined(separator: " "), limit: limit == .max ? limit : limit + 1)
    let found = Array(all.prefix(limit))
    if answer.isJSON { return try answer.write(list: found, in: shell) }
    shell.show(SubjectTable.lines(found, in: shell, now: shell.now()), usesPager: !answer.noPager)
    shell.output.flush()
    if let note = Self.note(found: all.count, limit: limit) { shell.note(note) }
    try Freshness.show(profile, in: shell)
  }

  /// What the list itself does not tell: that it is empty, or not whole.
  static func note(found count: Int, limit: Int) -> String? {
    if count == 0 { return "No post has these words." }
    return count > limit ? "More than \(counted(limit, "post")) have these words; --limit shows more." : nil
  }
}
