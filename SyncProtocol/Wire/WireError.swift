// The one error type of this module: why bytes are no frame, or a frame cannot be bytes.

/// A code for programs and a sentence for people. Two errors are equal if their codes are.
package struct WireError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable, CaseIterable {
    /// The bytes are not a frame of this protocol. The session ends with Goodbye `malformedFrame`.
    case malformed
    /// A frame, a list or a value is beyond its limit. The session ends with Goodbye `tooLarge`.
    case tooLarge = "too_large"
    /// A frame of a kind that this version does not know. The session ends with Goodbye `unexpectedFrame`.
    case unknownFrame = "unknown_frame"
  }

  package let code: Code
  /// What is wrong and what would help. It never holds content of the frame.
  package let sentence: String

  package init(_ code: Code, _ sentence: String) {
    self.code = code
    self.sentence = sentence
  }

  static func malformed(_ field: String, _ expectation: String) -> WireError {
    WireError(.malformed, "The field \(field) must be \(expectation); encode frames as SyncProtocol/README.md says.")
  }

  static func tooMany(_ field: String, limit: Int) -> WireError {
    WireError(.tooLarge, "The field \(field) holds more than \(limit) elements; send the rest in further frames.")
  }

  static func tooLong(_ field: String, limit: Int) -> WireError {
    WireError(.tooLarge, "The field \(field) is longer than \(limit) bytes; shorten it.")
  }

  package var description: String { "\(code.rawValue): \(sentence)" }

  package static func == (left: WireError, right: WireError) -> Bool { left.code == right.code }

  package func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
