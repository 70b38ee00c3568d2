// How many terminal cells text takes: two for East Asian wide characters and pictures, none for combining marks.

/// Cells of a terminal.
enum DisplayWidth {
  /// Blocks of wide characters beside the pictures, which Unicode marks itself.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
    0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x20000...0x2FFFD, 0x30000...0x3FFFD,
  ]

  /// Cells of text without line breaks.
  static func of(_ text: some StringProtocol) -> Int {
    if SafeText.isPrintableASCII(text) { return text.utf8.count }
    // Latin letters with marks: two bytes that begin with 0xC3 to 0xCB, one cell each.
    let isLatin = text.utf8.allSatisfy {
      (0x20..<0x7F).contains($0) || (0x80..<0xC0).contains($0) || (0xC3..<0xCC).contains($0)
    }
    if isLatin { return text.utf8.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 } }
    return text.reduce(0) { $0 + of($1) }
  }

  /// Cells of one character as a person sees it.
  static func of(_ character: Character) -> Int {
    let scalars = character.unicodeScalars
    guard let first = scalars.first else { return 0 }
    if first.value < 0x7F && scalars.count == 1 { return first.value < 0x20 ? 0 : 1 }
    let isPicture = first.properties.isEmojiPresentation || scalars.contains { $0.value == 0xFE0F }
    return isPicture ? 2 : scalars.reduce(0) { max($0, of($1)) }
  }

  private static func of(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 { return value < 0x20 || (0x7F..<0xA0).contains(value) || value == 0xAD ? 0 : 1 }
    if (0x1160...0x11FF).contains(value) { return 0 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: return scalar.properties.isEmojiPresentation || wide.contains { $0.contains(value) } ? 2 : 1
    }
  }

  /// At most so many cells; what is cut off is replaced by `…`.
  static func truncated(_ text: String, to width: Int) -> String {
    // No character takes more cells than bytes.
    if text.utf8.count <= width { return text }
    var end = text.startIndex
    var used = 0
    for index in text.indices {
      let next = of(text[index])
      if used + next <= width - 1 { end = text.index(after: index) }
      used += next
      if used > width { return width > 0 ? text[..<end] + "…" : "" }
    }
    return text
  }

  /// Filled with spaces up to so many cells.
  static func padded(_ text: String, to width: Int, isRightAligned: Bool = false) -> String {
    let spaces = String(repeating: " ", count: max(0, width - of(text)))
    return isRightAligned ? spaces + text : text + spaces
  }
}
