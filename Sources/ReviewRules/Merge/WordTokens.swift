// Texts as words and the spaces between them, compared byte for byte: no Unicode normalisation, no tables that
// change between versions of a library, so that every device splits alike for ever.

package enum WordTokens {
  /// Whether there is nothing but white space.
  package static func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(isSpace) }

  /// Runs of white space and runs of anything else, in order; joined they are the text again.
  static func split(_ text: String) -> [[UInt8]] {
    var tokens: [[UInt8]] = []
    var isInSpace: Bool?
    for scalar in text.unicodeScalars {
      let isSpace = isSpace(scalar)
      if isSpace != isInSpace { tokens.append([]) }
      isInSpace = isSpace
      tokens[tokens.count - 1].append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
    return tokens
  }

  /// Unicode's White_Space, as a list that is part of the algorithm's version.
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }
}

/// Numbers for tokens, so that comparing two is comparing two numbers.
struct TokenTable {
  private var numbers: [[UInt8]: Int] = [:]
  private(set) var tokens: [[UInt8]] = []

  /// The text's tokens as numbers; equal tokens have equal numbers.
  mutating func numbers(of text: String) -> [Int] {
    WordTokens.split(text).map { token in
      if let known = numbers[token] { return known }
      numbers[token] = tokens.count
      tokens.append(token)
      return tokens.count - 1
    }
  }

  func text(_ numbers: some Sequence<Int>) -> String {
    String(decoding: numbers.flatMap { tokens[$0] }, as: UTF8.self)
  }
}
