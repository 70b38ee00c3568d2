// Asks what becomes of the post that stands above. On a terminal an answer counts only if it was typed while the question stood
// there, also where the pages themselves go elsewhere (`review | tee`).

/// The question of a review.
struct ReviewPrompt {
  static let help = """
    a  approve exactly this          d  what changed since you read it last
    c  ask for changes (and why)     m  write a comment
    r  reject (and why)              s  skip
    h  hold back (and why)           q  stop here
    """

  let shell: Shell
  private var isByKeys: Bool { shell.canAsk && shell.terminal.isOutput }

  init(shell: Shell) { self.shell = shell }

  /// The answer's letter and the words behind it; nil at the end of the input.
  func read() -> (key: Character, words: String)? {
    shell.output.flush()
    if isByKeys {
      ask()
      guard let key = shell.input.key() else { return nil }
      shell.errors.line(String(key))
      return (Character(key.lowercased()), "")
    }
    // From a pipe every line was meant, and none is forgotten.
    ask()
    while let line = shell.input.line() {
      let answer = line.drop { $0.isWhitespace }
      // A word that only begins like an answer is none: `again` approves nothing.
      let word = answer.prefix { !$0.isWhitespace }
      if let key = answer.first, word.count == 1 {
        return (Character(key.lowercased()), TextEditor.trimmed(String(answer.dropFirst().drop { $0.isWhitespace })))
      }
      if !word.isEmpty { sayNotUnderstood(String(word)) }
      ask()
    }
    return nil
  }

  func sayNotUnderstood(_ answer: String) {
    shell.errors.line("not understood: \(SafeText.line(answer))")
    shell.errors.line(Self.help)
  }

  /// What was typed on a terminal until now was no answer to this.
  private func ask() {
    if shell.terminal.isInput {
      shell.input.forgetTypedAhead()
      shell.errors.write(shell.errorPalette.paint("a c r h m s d q ? ", .dim))
    }
    shell.errors.flush()
  }
}
