// `countersign undo`: takes back what was never offered to the server, and says what helps for the rest.
import ArgumentParser
import ClientCore

/// Takes back what was never offered to the server.
struct UndoCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo", abstract: "Take back the newest changes that have not been sent.",
    discussion: "For what may have reached the server it says what to do instead, and exits with 8.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions

  @Argument(help: ArgumentHelp("How many commands to take back.", valueName: "count"))
  var count = 1

  func validate() throws {
    if count < 1 { throw ValidationError("Give a count of 1 or more.") }
  }

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    let report = try profile.undo(count: count)
    if answer.isJSON {
      try answer.write(report, in: shell)
    } else {
      for entry in report.undone { shell.output.line("undone  \(SafeText.line(entry.what))") }
      for entry in report.tooLate {
        shell.output.line("too late  \(SafeText.line(entry.what)): \(SafeText.line(entry.instead))")
      }
      if report.undone.isEmpty && report.tooLate.isEmpty { shell.note("There is nothing to undo.") }
    }
    if report.undone.isEmpty && !report.tooLate.isEmpty { throw CommandFailure.silent(ExitStatus.rejected.rawValue) }
  }
}
