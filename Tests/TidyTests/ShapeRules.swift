// Sizes and shapes that keep the code readable: short files, short functions, a purpose at the top, honest names.

/// Checks one file's size, head and name.
enum ShapeRules {
  static let fileLineLimit = 400
  static let functionLineLimit = 70
  static let purposeLengthMinimum = 30
  /// Words that say nothing about what a file holds.
  static let emptyWords: Set<String> = ["Util", "Utils", "Helper", "Helpers", "Common", "Manager", "Misc"]

  static func fileLength(_ source: SourceText) -> [Violation] {
    guard source.lines.count > fileLineLimit else { return [] }
    let sentence = "\(source.lines.count) lines; a file holds at most \(fileLineLimit): split it as Type+Slice.swift"
    return [Violation(path: source.path, line: 0, remedy: sentence)]
  }

  static func functionLength(_ source: SourceText) -> [Violation] {
    FunctionSpan.all(in: source.code).filter { $0.lineCount > functionLineLimit }.map { span in
      let sentence = "a function of \(span.lineCount) lines; at most \(functionLineLimit): let a helper compute"
      return Violation(path: source.path, line: span.firstLine, remedy: sentence)
    }
  }

  /// A file begins with `//` lines that say what it is for; a doc comment would belong to the first declaration.
  static func purpose(_ source: SourceText) -> [Violation] {
    let head = source.lines.prefix { $0.hasPrefix("//") && !$0.hasPrefix("///") }
    guard head.joined().count < purposeLengthMinimum else { return [] }
    let sentence = "begin the file with a `//` comment of one to three sentences that says what it is for"
    return [Violation(path: source.path, line: 1, remedy: sentence)]
  }

  static func name(_ path: String) -> [Violation] {
    for part in path.split(separator: "/") {
      for word in words(in: part.prefix { $0 != "." }) where emptyWords.contains(word) {
        let sentence = "\"\(word)\" says nothing about what is inside; name the file or folder for its type or subject"
        return [Violation(path: path, line: 0, remedy: sentence)]
      }
    }
    return []
  }

  /// `SyncManager+Cache` gives Sync, Manager, Cache.
  static func words(in name: Substring) -> [String] {
    var result: [String] = []
    for character in name {
      if character.isLetter && (character.isUppercase || result.isEmpty) {
        result.append(String(character))
      } else if character.isLetter, !result.isEmpty {
        result[result.count - 1].append(character)
      } else {
        result.append("")
      }
    }
    return result.filter { !$0.isEmpty }.map { $0.prefix(1).uppercased() + $0.dropFirst() }
  }
}
