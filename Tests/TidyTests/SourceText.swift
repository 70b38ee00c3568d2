// Splits Swift source into code, comments and literals without a compiler, so that a rule about calls is not
// fooled by a comment, and a rule about comments not by a string. It knows nested comments, raw and multi-line
// strings, interpolation and backticked names; it does not know regular-expression literals.

/// One Swift file, seen three ways; all arrays have one element a line and the same length.
struct SourceText {
  let path: String
  /// The lines as written.
  let lines: [String]
  /// The lines with comments, string contents and backticked names blanked.
  let code: [String]
  /// The lines with everything but comments blanked.
  let comments: [String]
  /// The lines with only comments blanked: what a reader of the manifest needs.
  let codeAndLiterals: [String]

  init(path: String, text: String) {
    var scanner = SourceScanner(text: text)
    scanner.scanCode(untilClosingParenthesis: false)
    let bytes = scanner.bytes
    let kinds = scanner.kinds
    self.path = path
    lines = Self.lines(of: bytes) { _ in true }
    code = Self.lines(of: bytes) { kinds[$0] == .code }
    comments = Self.lines(of: bytes) { kinds[$0] == .comment }
    codeAndLiterals = Self.lines(of: bytes) { kinds[$0] != .comment }
  }

  /// The type that the file is named for: `Ledger` of `Sources/SyncServer/Ledger+Replay.swift`.
  var subject: Substring? { path.split(separator: "/").last?.prefix { $0 != "+" && $0 != "." } }

  private static func lines(of bytes: [UInt8], keeping keep: (Int) -> Bool) -> [String] {
    var result: [String] = []
    var line: [UInt8] = []
    for index in bytes.indices {
      if bytes[index] == Ascii.newline {
        result.append(String(decoding: line, as: UTF8.self))
        line.removeAll(keepingCapacity: true)
      } else {
        line.append(keep(index) ? bytes[index] : Ascii.space)
      }
    }
    if !line.isEmpty { result.append(String(decoding: line, as: UTF8.self)) }
    return result
  }
}

/// The bytes that the scanners look for.
enum Ascii {
  static let newline = UInt8(ascii: "\n")
  static let space = UInt8(ascii: " ")
  static let quote = UInt8(ascii: "\"")
  static let backslash = UInt8(ascii: "\\")
  static let hash = UInt8(ascii: "#")
  static let slash = UInt8(ascii: "/")
  static let star = UInt8(ascii: "*")
  static let backtick = UInt8(ascii: "`")
  static let openParenthesis = UInt8(ascii: "(")
  static let closeParenthesis = UInt8(ascii: ")")

  /// Whether a byte can be part of a Swift name; every byte of a non-ASCII character counts as one.
  static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      return true
    default: return false
    }
  }
}

/// Walks the bytes once and notes for each what it belongs to.
struct SourceScanner {
  enum Kind {
    case code, comment, literal
  }

  let bytes: [UInt8]
  private(set) var kinds: [Kind]
  private var position = 0

  init(text: String) {
    bytes = Array(text.utf8)
    kinds = Array(repeating: .code, count: bytes.count)
  }

  private func byte(at offset: Int) -> UInt8 {
    position + offset < bytes.count ? bytes[position + offset] : 0
  }

  private mutating func take(_ count: Int, as kind: Kind) {
    for _ in 0..<count where position < bytes.count {
      kinds[position] = kind
      position += 1
    }
  }

  /// Scans code to the end, or to the parenthesis that closes an interpolation.
  mutating func scanCode(untilClosingParenthesis isInterpolation: Bool) {
    var depth = 0
    while position < bytes.count {
      switch byte(at: 0) {
      case Ascii.slash where byte(at: 1) == Ascii.slash: scanLineComment()
      case Ascii.slash where byte(at: 1) == Ascii.star: scanBlockComment()
      case Ascii.quote: scanString(hashes: 0)
      case Ascii.hash: scanHashes()
      case Ascii.backtick: scanBacktickedName()
      case Ascii.openParenthesis:
        depth += 1
        take(1, as: .code)
      case Ascii.closeParenthesis:
        if isInterpolation && depth == 0 { return }
        depth -= 1
        take(1, as: .code)
      default: take(1, as: .code)
      }
    }
  }

  private mutating func scanLineComment() {
    while position < bytes.count, byte(at: 0) != Ascii.newline { take(1, as: .comment) }
  }

  private mutating func scanBlockComment() {
    var depth = 0
    while position < bytes.count {
      if byte(at: 0) == Ascii.slash && byte(at: 1) == Ascii.star {
        depth += 1
        take(2, as: .comment)
      } else if byte(at: 0) == Ascii.star && byte(at: 1) == Ascii.slash {
        depth -= 1
        take(2, as: .comment)
        if depth == 0 { return }
      } else {
        take(1, as: .comment)
      }
    }
  }

  private mutating func scanHashes() {
    var count = 0
    while byte(at: count) == Ascii.hash { count += 1 }
    if byte(at: count) == Ascii.quote {
      take(count, as: .literal)
      scanString(hashes: count)
    } else {
      take(count, as: .code)
    }
  }

  private mutating func scanBacktickedName() {
    take(1, as: .literal)
    while position < bytes.count, byte(at: 0) != Ascii.newline, byte(at: 0) != Ascii.backtick { take(1, as: .literal) }
    if byte(at: 0) == Ascii.backtick { take(1, as: .literal) }
  }

  private mutating func scanString(hashes: Int) {
    let isMultiline = byte(at: 1) == Ascii.quote && byte(at: 2) == Ascii.quote
    let quotes = isMultiline ? 3 : 1
    take(quotes, as: .literal)
    while position < bytes.count {
      if byte(at: 0) == Ascii.newline && !isMultiline { return }
      if isEnd(quotes: quotes, hashes: hashes) {
        take(quotes + hashes, as: .literal)
        return
      }
      if byte(at: 0) == Ascii.backslash && hasHashes(hashes, from: 1) {
        take(1 + hashes, as: .literal)
        guard byte(at: 0) == Ascii.openParenthesis else {
          take(1, as: .literal)
          continue
        }
        take(1, as: .literal)
        scanCode(untilClosingParenthesis: true)
        take(1, as: .literal)
      } else {
        take(1, as: .literal)
      }
    }
  }

  private func isEnd(quotes: Int, hashes: Int) -> Bool {
    for offset in 0..<quotes where byte(at: offset) != Ascii.quote { return false }
    return hasHashes(hashes, from: quotes)
  }

  private func hasHashes(_ count: Int, from start: Int) -> Bool {
    for offset in 0..<count where byte(at: start + offset) != Ascii.hash { return false }
    return true
  }
}
