// Colours of a terminal, or none. Colour is never the only sign of anything.

/// How a piece of text is set off.
enum TextStyle: String {
  case plain = ""
  case bold = "1"
  case dim = "2"
  case red = "31"
  case green = "32"
  case yellow = "33"
  case cyan = "36"
}

/// Paints text, or leaves it alone.
struct Palette: Sendable {
  let isEnabled: Bool

  /// `NO_COLOR` says no, then `CLICOLOR_FORCE` yes, then `TERM=dumb` and `CLICOLOR=0` no; else a terminal has colours.
  static func choose(isTerminal: Bool, variable: (String) -> String?) -> Palette {
    if !(variable("NO_COLOR") ?? "").isEmpty { return Palette(isEnabled: false) }
    if let forced = variable("CLICOLOR_FORCE"), !forced.isEmpty, forced != "0" { return Palette(isEnabled: true) }
    if variable("TERM") == "dumb" || variable("CLICOLOR") == "0" { return Palette(isEnabled: false) }
    return Palette(isEnabled: isTerminal)
  }

  func paint(_ text: String, _ style: TextStyle) -> String {
    isEnabled && style != .plain && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }
}
