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
    let found = try profile.search(words.joined(separator: " "), limit: limit)
    if answer.isJSON { return try answer.write(list: found, in: shell) }
    if found.isEmpty { shell.note("No post has these words.") }
    shell.show(SubjectTable.lines(found, in: shell, now: shell.now()), usesPager: !answer.noPager)
    try Freshness.show(profile, in: shell)
  }
}
