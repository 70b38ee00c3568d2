// Lets a person write text in the editor of their choice.
import Glibc

/// `$VISUAL`, `$EDITOR` or `vi` on a private temporary file.
enum TextEditor {
  /// The text as the person left it, without the line break that editors put at the end.
  ///
  /// - Throws: `cancelled` if the editor failed, or left the text empty or as it was.
  static func edit(_ text: String, shell: Shell) throws -> String {
    guard shell.terminal.isInput else {
      throw CommandFailure(
        .usage, "text_missing", "There is no text, and no terminal to write it on.", remedy: "Give it by --text or --file.")
    }
    let folder = shell.variable("TMPDIR") ?? "/tmp"
    let path = "\(folder)/countersign-\(getpid())-\(wallMilliseconds()).txt"
    try FileBytes.write(path, Array((text + "\n").utf8))
    defer { unlink(path) }
    let program = shell.variable("VISUAL") ?? shell.variable("EDITOR") ?? "vi"
    guard ChildProgram.run(program, arguments: [path]) == 0 else {
      throw CommandFailure(
        .cancelled, "editor", "The editor (\(SafeText.line(program))) did not end well; nothing was changed.")
    }
    let edited = trimmed(String(decoding: try FileBytes.read(path), as: UTF8.self))
    guard !edited.isEmpty, edited != trimmed(text) else {
      throw CommandFailure(
        .cancelled, "unchanged", "The text is \(edited.isEmpty ? "empty" : "as it was"); nothing was changed.")
    }
    return edited
  }

  /// Without white space at the end.
  static func trimmed(_ text: String) -> String {
    var text = text
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
