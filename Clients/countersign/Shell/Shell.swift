// Everything a command meets of its surroundings: streams, terminal, variables and clock. Tests bring their own.
import ClientCore
import Glibc

/// The surroundings of one command.
struct Shell: Sendable {
  let variable: @Sendable (String) -> String?
  let terminal: Terminal
  let output: Output
  let errors: Output
  let input: Input
  let now: @Sendable () -> Instant
  /// For waits: milliseconds that only go forward.
  var uptimeMilliseconds: @Sendable () -> UInt64 = bootMilliseconds

  /// The real ones.
  static func current() -> Shell {
    let variable: @Sendable (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
    return Shell(
      variable: variable, terminal: Terminal.current(variable: variable), output: Output(descriptor: 1),
      errors: Output(descriptor: 2), input: Input(descriptor: 0),
      now: { Instant(milliseconds: Int64(clamping: wallMilliseconds())) })
  }

  /// The profile that was named on the command line: lines that are printed to be typed name it, too.
  var profileName: String?

  /// A variable that is set, and not to nothing.
  func given(_ name: String) -> String? { variable(name).flatMap { $0.isEmpty ? nil : $0 } }

  var palette: Palette { Palette.choose(isTerminal: terminal.isOutput, variable: variable) }
  var errorPalette: Palette { Palette.choose(isTerminal: terminal.isError, variable: variable) }

  /// How wide prose is: as the terminal, but no wider than is good to read.
  var proseWidth: Int { min(terminal.columns, 100) }

  /// How wide tables are: nil, and nothing is cut, when nobody looks and nobody said.
  var tableWidth: Int? { terminal.isOutput || variable("COLUMNS") != nil ? terminal.columns : nil }

  /// Whether a person can be asked.
  var canAsk: Bool { terminal.isInput && terminal.isError }

  /// What is not the answer.
  func note(_ text: String, _ style: TextStyle = .plain) {
    errors.line(errorPalette.paint(text, style))
    errors.flush()
  }

  /// Asks for a line, typed after the question was asked if there is a terminal; nil at the end of the input.
  func ask(_ question: String) -> String? {
    output.flush()
    input.forgetTypedAhead()
    errors.write(question)
    errors.flush()
    return input.line()
  }

  /// Asks a question whose answer is no unless it is yes.
  func confirms(_ question: String) -> Bool {
    guard let answer = ask(question + " [y/N] ") else { return false }
    return ["y", "yes"].contains(answer.lowercased().filter { !$0.isWhitespace })
  }

  /// Asks for a secret, without showing it.
  func askSecret(_ question: String) -> String? {
    input.forgetTypedAhead()
    errors.write(question)
    errors.flush()
    defer { errors.line() }
    return input.secret()
  }

  /// The answer: through a pager if it is longer than the terminal that it goes to.
  func show(_ lines: [String], usesPager: Bool = true) {
    if usesPager && terminal.isOutput && lines.count >= terminal.rows && variable("TERM") != "dumb" {
      let pager = variable("PAGER") ?? "less -FRX"
      let text = Array(lines.map { $0 + "\n" }.joined().utf8)
      output.flush()
      if !pager.isEmpty && pager != "cat", let code = ChildProgram.run(pager, input: text), code < 126 { return }
    }
    output.lines(lines)
  }
}

/// The wall clock, milliseconds since 1970.
func wallMilliseconds() -> UInt64 { milliseconds(of: CLOCK_REALTIME) }

/// Milliseconds since the machine was started: goes on while it sleeps, and nobody sets it.
func bootMilliseconds() -> UInt64 { milliseconds(of: CLOCK_BOOTTIME) }

private func milliseconds(of clock: clockid_t) -> UInt64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return UInt64(max(0, time.tv_sec)) * 1_000 + UInt64(max(0, time.tv_nsec)) / 1_000_000
}
