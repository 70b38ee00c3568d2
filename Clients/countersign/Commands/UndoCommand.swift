// `countersign undo`: takes back what was never offered to the server, and says what helps for the rest.
import ArgumentParser
import ClientCore

/// Takes back what was never offered to the server.
struct UndoCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo", abstract: "Take back the newest changes that have not been sent.",
    discussion: "For what may have reached the server it says what to do instead, and exits with 8.")

  private static let textColumns = 40

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions

  @Argument(help: ArgumentHelp("How many commands to take back.", valueName: "count"))
  var count = 1

  func validate() throws {
    if count < 1 { throw ValidationError("Give a count of 1 or more.") }
  }

  func run(in shell: Shell) async throws {
    // What was taken back is not here any more to be told again.
    try answer.requireFields(of: UndoReport(undone: [], tooLate: []), identifier: "undone")
    let profile = try profile.open(in: shell)
    let report = try profile.undo(count: count)
    if answer.isJSON {
      try answer.write(report, identifier: "undone", in: shell)
    } else {
      func shortID(_ post: String) -> String { profile.shortID(post, digits: ShortForm.postDigits) }
      for entry in report.undone { shell.output.line("undone  " + Self.words(entry, shortID: shortID)) }
      for entry in report.tooLate {
        for line in Self.tooLate(entry, shortID: shortID, in: shell) { shell.output.line(line) }
      }
      if report.undone.isEmpty && report.tooLate.isEmpty { shell.note("There is nothing to undo.") }
    }
    let exit = Self.exit(of: report)
    if exit != .done { throw CommandFailure.silent(exit.rawValue) }
  }

  /// As with several targets, the gravest counts: what was to be taken back and could not be is not done.
  static func exit(of report: UndoReport) -> ExitStatus { report.tooLate.isEmpty ? .done : .rejected }

  /// `approve of 1 post: 1a2b3c4d “Wash your hands …”`.
  static func words(_ entry: UndoReport.Entry, shortID: (String) -> String) -> String {
    guard let post = entry.posts.first, entry.posts.count == 1 else { return SafeText.line(entry.what) }
    let text = entry.text.isEmpty ? "" : " “\(DisplayWidth.truncated(SafeText.line(entry.text), to: textColumns))”"
    return "\(SafeText.line(entry.what)): \(shortID(post))\(text)"
  }

  static func tooLate(_ entry: UndoReport.Entry, shortID: (String) -> String, in shell: Shell) -> [String] {
    let head = "too late  " + words(entry, shortID: shortID)
    let helps = WordWrap.indented(SafeText.line(entry.instead), width: shell.proseWidth)
    let next = nextStep(entry, shortID: shortID).map { ["  " + shell.typed($0)] } ?? []
    return [head] + helps + next
  }

  /// The command to type instead, where one is complete with the post alone.
  private static func nextStep(_ entry: UndoReport.Entry, shortID: (String) -> String) -> [String]? {
    if entry.kind == "pause" { return ["resume"] }
    guard let post = entry.posts.first, entry.posts.count == 1 else { return nil }
    switch entry.kind {
    case "decide": return ["retract", shortID(post)]
    case "withdraw_decision": return ["show", shortID(post)]
    case "submit": return ["withdraw", shortID(post)]
    case "revise", "merge", "draft": return ["revise", shortID(post)]
    case "comment": return ["thread", shortID(post)]
    default: return nil
    }
  }
}
