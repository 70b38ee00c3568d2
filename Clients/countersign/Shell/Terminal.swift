// What is known about the terminal, if there is one.
import Glibc

/// Which of the three streams are a terminal, and how large it is.
struct Terminal: Sendable {
  static let defaultColumns = 80
  static let narrowest = 40

  var isInput = false
  var isOutput = false
  var isError = false
  /// Cells a line.
  var columns = defaultColumns
  var rows = 24

  /// `COLUMNS` goes before what the terminal says.
  static func current(variable: (String) -> String?) -> Terminal {
    var terminal = Terminal(isInput: isatty(0) == 1, isOutput: isatty(1) == 1, isError: isatty(2) == 1)
    var size = winsize()
    if ioctl(1, UInt(TIOCGWINSZ), &size) == 0 || ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      terminal.columns = Int(size.ws_col)
      terminal.rows = Int(size.ws_row)
    }
    if let columns = variable("COLUMNS").flatMap(Int.init), columns > 0 { terminal.columns = columns }
    terminal.columns = max(terminal.columns, narrowest)
    return terminal
  }
}
