// Where JSON is written: bytes, and which fields of each answer a person asked for. Characters that a terminal would act
// on or hide are written as \u escapes, so that JSON is as safe to look at as text, and loses nothing.

/// The bytes of one JSON answer.
final class JSONSink {
  private(set) var bytes: [UInt8] = []
  /// The fields of each answer that are written; nil for all.
  let fields: Set<String>?
  /// How deep the answers lie: 0 for a single object, 1 for the elements of a list.
  let answerDepth: Int
  /// Names that answers have had, to tell a misspelled field.
  private(set) var names: Set<String> = []

  init(fields: Set<String>?, answerDepth: Int) {
    self.fields = fields
    self.answerDepth = answerDepth
  }

  /// Whether a field of an object at this depth is wanted.
  func wants(_ name: String, depth: Int) -> Bool {
    guard let fields, depth == answerDepth else { return true }
    names.insert(name)
    return fields.contains(name)
  }

  func takeBytes() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  func write(raw text: StaticString) {
    // Safe: a static string's bytes live as long as the program.
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  func write(raw byte: UInt8) { bytes.append(byte) }

  func write(literal: String) { bytes.append(contentsOf: literal.utf8) }

  func write(_ text: String) {
    bytes.append(0x22)
    var text = text
    // Safe: the bytes are read while the string lends them.
    text.withUTF8 { utf8 in
      if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }) {
        bytes.append(contentsOf: utf8)
      } else {
        writeScalars(String(decoding: utf8, as: UTF8.self).unicodeScalars)
      }
    }
    bytes.append(0x22)
  }

  private func writeScalars(_ scalars: String.UnicodeScalarView) {
    let all = Array(scalars)
    for (index, scalar) in all.enumerated() {
      switch scalar {
      case "\"": write(raw: "\\\"")
      case "\\": write(raw: "\\\\")
      case "\n": write(raw: "\\n")
      case "\t": write(raw: "\\t")
      case "\r": write(raw: "\\r")
      case _ where SafeText.isHidden(scalar) && !SafeText.isPartOfEmoji(at: index, in: all): writeEscape(scalar)
      default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.CodeUnit.replacement)
      }
    }
  }

  private func writeEscape(_ scalar: Unicode.Scalar) {
    for unit in String(Character(scalar)).utf16 {
      let digits = String(unit, radix: 16)
      write(literal: "\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
    }
  }
}

extension UTF8.CodeUnit {
  /// U+FFFD, for a scalar that has no encoding; there is none in a Swift string.
  fileprivate static var replacement: UTF8.EncodedScalar { UTF8.encodedReplacementCharacter }
}
