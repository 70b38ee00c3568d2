// Makes text that others wrote safe to look at: whatever could move the cursor, turn the reading direction or hide is
// shown by its number instead, as in ‹U+202E›. Emoji keep the joiners that they are made of.

/// Text as it may reach a terminal.
enum SafeText {
  /// One line: line breaks and tabs become spaces, and everything invisible is escaped.
  static func line(_ text: some StringProtocol) -> String { escaped(text, keepsLineBreaks: false) }

  /// Lines as they were written; everything else that is invisible is escaped.
  static func lines(_ text: some StringProtocol) -> String { escaped(text, keepsLineBreaks: true) }

  /// Whether a scalar must not reach a terminal as it is. Joiners and selectors inside emoji are judged by `isPartOfEmoji`.
  static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7F { return scalar.value < 0x20 }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: return true
    default: return properties.isDefaultIgnorableCodePoint
    }
  }

  /// Letters and signs of Latin scripts, decided without looking anything up; false decides nothing.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    return (0x20..<0x7F).contains(value) || (0xA1..<0x300).contains(value) && value != 0xAD
  }

  /// Whether every byte is a visible character or a space, one cell wide.
  static func isPrintableASCII(_ text: some StringProtocol) -> Bool {
    text.utf8.withContiguousStorageIfAvailable { isPrintable($0[...]) }
      ?? text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
  }

  private static func isPrintable(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    var others: UInt8 = 0
    // No way out in between, so that the compiler can look at many bytes at once.
    for byte in UnsafeBufferPointer(rebasing: bytes) { others |= byte &- 0x20 < 0x5F ? 0 : 1 }
    return others == 0
  }

  /// The first so many characters. Where bytes are characters nobody has to look for the ends of these.
  static func beginning(of text: String, characters: Int) -> Substring {
    let bytes = text.utf8
    if bytes.count <= characters { return text[...] }
    let end = bytes.index(bytes.startIndex, offsetBy: characters)
    // One byte more, because a mark that follows belongs to the last character. By bytes: a text cut inside a character
    // would be cut before it.
    let isPlain =
      bytes.withContiguousStorageIfAvailable { isPrintable($0.prefix(characters + 1)) }
      ?? bytes[...end].allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    return isPlain ? text[..<end] : text.prefix(characters)
  }

  /// `‹U+202E›`.
  static func name(of scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "‹U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "›"
  }

  private static func escaped(_ text: some StringProtocol, keepsLineBreaks: Bool) -> String {
    if isPrintableASCII(text) { return String(text) }
    if text.unicodeScalars.allSatisfy({ isPlain($0) }) { return String(text) }
    let scalars = Array(text.unicodeScalars)
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "\n": result += keepsLineBreaks ? "\n" : " "
      case "\r" where index + 1 < scalars.count && scalars[index + 1] == "\n": continue
      case "\t": result += "  "
      case _ where !isHidden(scalar) || isPartOfEmoji(at: index, in: scalars): result.unicodeScalars.append(scalar)
      default: result += name(of: scalar)
      }
    }
    return result
  }

  /// A zero-width joiner between two pictures, or the selector that makes the character before it one.
  static func isPartOfEmoji(at index: Int, in scalars: [Unicode.Scalar]) -> Bool {
    guard index > 0 else { return false }
    let before = scalars[index - 1]
    switch scalars[index].value {
    case 0xFE0F: return before.properties.isEmoji
    case 0x200D:
      guard index + 1 < scalars.count else { return false }
      let isPictureBefore = isPicture(before) || (before.value == 0xFE0F && index > 1 && isPicture(scalars[index - 2]))
      return isPictureBefore && isPicture(scalars[index + 1])
    default: return false
    }
  }

  private static func isPicture(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value > 0xFF && (scalar.properties.isEmoji || scalar.properties.isEmojiModifier)
  }
}
