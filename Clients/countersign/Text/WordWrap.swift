// Breaks text into lines that fit, at spaces where there are any.

/// Text in lines of a terminal.
enum WordWrap {
  /// Lines of at most `width` cells, without trailing spaces. Line breaks of the text are kept; a word that is too long
  /// by itself is cut.
  static func lines(_ text: String, width: Int) -> [String] {
    let width = max(width, 8)
    return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph($0, width: width) }
  }

  /// The lines, each behind the same indent.
  static func indented(_ text: String, by indent: String = "  ", width: Int) -> [String] {
    lines(text, width: width - DisplayWidth.of(indent)).map { $0.isEmpty ? "" : indent + $0 }
  }

  private static func paragraph(_ text: Substring, width: Int) -> [String] {
    var result: [String] = []
    var line = ""
    var used = 0
    for word in text.split(separator: " ") {
      for piece in pieces(word, width: width) {
        let cells = DisplayWidth.of(piece)
        if !line.isEmpty && used + 1 + cells > width {
          result.append(line)
          (line, used) = ("", 0)
        }
        if !line.isEmpty { (line, used) = (line + " ", used + 1) }
        line += piece
        used += cells
      }
    }
    return result + (line.isEmpty && !result.isEmpty ? [] : [line])
  }

  /// The word itself, or parts of it that fit.
  private static func pieces(_ word: Substring, width: Int) -> [String] {
    if DisplayWidth.of(word) <= width { return [String(word)] }
    var result: [String] = []
    var piece = ""
    var used = 0
    for character in word {
      let cells = DisplayWidth.of(character)
      if used + cells > width {
        result.append(piece)
        (piece, used) = ("", 0)
      }
      piece.append(character)
      used += cells
    }
    return result + [piece]
  }
}
