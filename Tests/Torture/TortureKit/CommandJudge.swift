// What a command's end must be like, whatever was done around it: an exit code that is documented, no signal but ours, no
// crash text.
import ProcessHarness

struct CommandJudge: Sendable {
  /// What a command may say when nothing is wrong with its files: docs/COMMANDS.md.
  static let documented: Set<Int32> = [0, 6, 7, 8, 9, 10, 11, 75]
  /// What may come on top when its files cannot be written.
  static let troubledFiles: Set<Int32> = [1, 130]
  private static let crashes = [
    "Fatal error", "fatalError", "crashed", "Assertion", "precondition", "Sanitizer", "stack smashing", "double free",
    "Illegal instruction", "Segmentation",
  ]

  let log: TortureLog
  /// Without TLS a bit flipped in the handshake cannot be told from a stranger who answers for the server: 4, and no harm.
  var isPlainText = false

  /// - Parameter killed: whether the harness sent SIGKILL; then any end is right but another signal's.
  func judge(
    _ finished: Finished, _ what: String, allowing allowed: Set<Int32> = CommandJudge.documented, killed: Bool = false
  ) {
    if finished.wasKilled, !killed || finished.exitCode != 9 {
      log.find("\(what) was ended by signal \(finished.exitCode): \(finished.errors.suffix(600))")
    } else if !finished.wasKilled, !killed, !allowed.union(isPlainText ? [4] : []).contains(finished.exitCode) {
      log.find("\(what) ended with \(finished.exitCode): \(finished.output.suffix(300)) \(finished.errors.suffix(600))")
    }
    judge(errors: finished.errors, of: what)
  }

  func judge(errors: String, of what: String) {
    for crash in Self.crashes where errors.contains(crash) {
      log.find("\(what) speaks of a crash: \(errors.suffix(1_200))")
    }
  }
}
