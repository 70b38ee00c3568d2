// Finds the bodies of functions, initialisers, subscripts and computed properties by counting braces in blanked
// code. It is no parser: a declaration without a body (in a protocol) ends where the next declaration begins.

/// From the line of a declaration to the line of its closing brace, both counted from 1.
struct FunctionSpan: Equatable {
  let firstLine: Int
  let lastLine: Int

  var lineCount: Int { lastLine - firstLine + 1 }

  private static let openers: Set<String> = ["func", "init", "deinit", "subscript", "var"]
  /// Words that begin another declaration, so that the one before them had no body.
  private static let stops: Set<String> = [
    "func", "init", "deinit", "subscript", "var", "let", "case", "struct", "class", "enum", "actor", "extension", "protocol",
    "typealias", "associatedtype", "static", "private", "package", "public", "mutating",
  ]

  /// All bodies in a file's blanked code, nested ones too.
  static func all(in code: [String]) -> [FunctionSpan] {
    var result: [FunctionSpan] = []
    let bytes = Array(code.joined(separator: "\n").utf8)
    var line = 1
    var index = 0
    while index < bytes.count {
      if bytes[index] == Ascii.newline { line += 1 }
      let word = word(at: index, in: bytes)
      guard let word else {
        index += 1
        continue
      }
      let end = index + word.utf8.count
      let isMember = index > 0 && bytes[index - 1] == UInt8(ascii: ".")
      if openers.contains(word), !isMember, let open = bodyStart(from: end, in: bytes, isProperty: word == "var") {
        let close = bodyEnd(from: open, in: bytes)
        let newlines = bytes[index..<close].reduce(0) { $0 + ($1 == Ascii.newline ? 1 : 0) }
        result.append(FunctionSpan(firstLine: line, lastLine: line + newlines))
      }
      index = end
    }
    return result
  }

  /// The word that begins exactly here, if one does.
  private static func word(at index: Int, in bytes: [UInt8]) -> String? {
    guard Ascii.isNameByte(bytes[index]), index == 0 || !Ascii.isNameByte(bytes[index - 1]) else { return nil }
    let end = bytes[index...].firstIndex { !Ascii.isNameByte($0) } ?? bytes.count
    return String(decoding: bytes[index..<end], as: UTF8.self)
  }

  /// The opening brace of the body that belongs to a declaration, or nothing when it has none.
  private static func bodyStart(from start: Int, in bytes: [UInt8], isProperty: Bool) -> Int? {
    var depth = 0
    for index in start..<bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "{") where depth == 0: return index
      case UInt8(ascii: "}") where depth == 0: return nil
      case UInt8(ascii: "="), Ascii.newline:
        // `var x = …` and a stored `var x: Int` have no body; an operator function's name may hold `=`.
        if isProperty && depth == 0 { return nil }
      default:
        if depth == 0, let word = word(at: index, in: bytes), stops.contains(word) { return nil }
      }
    }
    return nil
  }

  /// Just behind the brace that closes the one at `open`; the end of the text when none does.
  private static func bodyEnd(from open: Int, in bytes: [UInt8]) -> Int {
    var depth = 0
    for index in open..<bytes.count {
      if bytes[index] == UInt8(ascii: "{") { depth += 1 }
      if bytes[index] == UInt8(ascii: "}") {
        depth -= 1
        if depth == 0 { return index + 1 }
      }
    }
    return bytes.count
  }
}
