// Reasons: every decision but an approval has one.
import ClientCore

/// Asks for a reason where none was given.
enum ReasonPrompt {
  /// What becomes of most reasons.
  static let readers = "the editors will read it"

  /// The reason given; nil if a person can be asked for it later, when what it is about stands above the question.
  ///
  /// - Throws: a usage failure where nobody can be asked.
  static func given(
    _ given: String?, verb: String, reads targets: [String], note: String = readers, in shell: Shell
  ) throws -> String? {
    if given == nil, shell.canAsk, !targets.contains("-") { return nil }
    return try required(given, verb: verb, reads: targets, note: note, in: shell)
  }

  /// The reason given, or asked for on a terminal.
  ///
  /// - Parameter note: what becomes of it, as the second half of a sentence.
  /// - Throws: a usage failure where nobody can be asked.
  static func required(
    _ given: String?, verb: String, reads targets: [String], note: String = readers, in shell: Shell
  ) throws -> String {
    let isInputTaken = targets.contains("-")
    let text = given ?? (shell.canAsk && !isInputTaken ? shell.ask("Reason: ") : nil)
    let reason = TextEditor.trimmed(text ?? "")
    guard !reason.isEmpty else {
      throw CommandFailure(
        .usage, "reason_required", "\(verb) needs a reason.", remedy: "Give it by --reason; \(note).")
    }
    return reason
  }
}
