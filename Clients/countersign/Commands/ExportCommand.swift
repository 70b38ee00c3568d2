// `countersign export`: writes what this device holds, byte for byte as the server exports it.
import ArgumentParser
import ClientCore

/// Writes what this device holds.
struct ExportCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write everything that the server has given to this device into entities.jsonl.",
    discussion: "The file is byte for byte what the server exports of the same scopes. Changes that wait are left out.")

  /// What an export answers.
  private struct Answer: Encodable {
    var entities: Int
    var directory: String
  }

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions

  @Option(help: ArgumentHelp("The folder to write into; it is made if need be.", valueName: "dir"))
  var state: String

  func run(in shell: Shell) async throws {
    let profile = try profile.openFetched(in: shell)
    try PrivateFiles().makeDirectory(state)
    let count = try profile.export(toDirectory: state)
    if answer.isJSON { return try answer.write(Answer(entities: count, directory: state), identifier: "directory", in: shell) }
    shell.output.line("\(counted(count, "entity", plural: "entities")) written to \(SafeText.line(state))/entities.jsonl")
  }
}
