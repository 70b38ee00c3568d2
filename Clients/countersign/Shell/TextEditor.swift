// Lets a person write text in the editor of their choice, and loses none of it.
import ClientCore
import Glibc

/// `$VISUAL`, `$EDITOR` or `vi` on a private temporary file.
enum TextEditor {
  /// A change with the text as the person left it, without the line break that editors put at the end. A text of which no
  /// change was made stays in its file, and it is said where: nobody writes it twice.
  ///
  /// - Throws: `cancelled` if the editor failed, or left the text empty or as it was.
  static func edit(
    _ text: String, shell: Shell, change: (String) throws -> ChangeReport
  ) throws -> ChangeReport {
    guard shell.terminal.isInput else {
      throw CommandFailure(
        .usage, "text_missing", "There is no text, and no terminal to write it on.", remedy: "Give it by --text or --file.")
    }
    let path = "\(shell.given("TMPDIR") ?? "/tmp")/countersign-\(getpid())-\(wallMilliseconds()).txt"
    try FileBytes.write(path, Array((text + "\n").utf8))
    var mayGo = true
    defer { if mayGo { unlink(path) } else { shell.note("What you wrote is kept in \(SafeText.line(path)).") } }
    try open(path, in: shell)
    mayGo = false
    let edited = trimmed(try FileBytes.text(try FileBytes.read(path), of: path))
    guard !edited.isEmpty, edited != trimmed(text) else {
      mayGo = true
      throw CommandFailure(
        .cancelled, "unchanged", "The text is \(edited.isEmpty ? "empty" : "as it was"); nothing was changed.")
    }
    let report = try change(edited)
    mayGo = !report.mutations.isEmpty
    return report
  }

  private static func open(_ path: String, in shell: Shell) throws {
    let program = shell.given("VISUAL") ?? shell.given("EDITOR") ?? "vi"
    guard ChildProgram.run(program, arguments: [path]) == 0 else {
      throw CommandFailure(
        .cancelled, "editor", "The editor (\(SafeText.line(program))) did not end well; nothing was changed.",
        remedy: "Set VISUAL or EDITOR to one that works, or give the text by --text or --file.")
    }
  }

  /// Without white space at the end.
  static func trimmed(_ text: String) -> String {
    var text = text
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
