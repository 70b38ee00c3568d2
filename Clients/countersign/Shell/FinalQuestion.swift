// What cannot be taken back once it is sent is asked for on a terminal. A script has said what it means by being one.

/// Asks before a change that is final.
struct FinalQuestion {
  let question: String
  /// What is said if the person does not mean it.
  let otherwise: String

  /// - Parameter isSure: `--yes` was given.
  /// - Throws: `cancelled` unless the person says yes.
  func ask(isSure: Bool, reads targets: [String] = [], isJSON: Bool, in shell: Shell) throws {
    guard !isSure, shell.canAsk, !isJSON, !targets.contains("-") else { return }
    guard shell.confirms(question) else { throw CommandFailure(.cancelled, "cancelled", otherwise) }
  }

  /// Below the answer.
  static func closing(_ what: String, in shell: Shell) -> String {
    "\(what) is final. While it is not sent, \(shell.typed("undo")) takes it back."
  }
}
