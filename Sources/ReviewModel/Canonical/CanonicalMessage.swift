// What has canonical bytes: one list of fields serves both directions, so that writing and reading cannot drift apart.

/// A value with one and only one byte form: protobuf's wire format with fields ascending, defaults omitted, minimal
/// varints, no maps and no unknown fields. Everything that is hashed or signed is encoded this way.
package protocol CanonicalMessage: Sendable {
  /// The value whose every field has its default.
  init()
  /// Names every field once, in ascending order. Called with a writing or a reading coder.
  mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError)
}

extension CanonicalMessage {
  /// The canonical bytes.
  package func encoded() -> [UInt8] {
    var coder = CanonicalCoder.writer()
    var copy = self
    do {
      try copy.visit(&coder)
    } catch {
      preconditionFailure("writing a \(Self.self) cannot fail: \(error)")
    }
    return coder.bytes
  }

  /// Reads bytes that must be exactly canonical: what is hashed or signed.
  package init(canonical bytes: [UInt8]) throws(CanonicalError) {
    try self.init(bytes, isStrict: true)
  }

  /// Reads stored bytes that a newer version may have given fields this version does not know.
  package init(tolerating bytes: [UInt8]) throws(CanonicalError) {
    try self.init(bytes, isStrict: false)
  }

  private init(_ bytes: [UInt8], isStrict: Bool) throws(CanonicalError) {
    var coder = CanonicalCoder.reader(bytes, isStrict: isStrict)
    self.init()
    try visit(&coder)
    try coder.finish()
  }
}

/// An enumeration that travels as a varint; its zero is never written, so every case begins at 1.
package protocol CanonicalEnumeration: RawRepresentable, Sendable where RawValue == UInt32 {}

/// Why bytes are not the canonical form of anything.
package struct CanonicalError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable {
    case truncated, unknownField, notMinimal, wrongWireType, defaultPresent, missingField, badLength, badText, badValue, tooDeep
  }

  package let code: Code
  /// The number of the field that was being read, 0 where none was.
  package let field: Int

  package init(_ code: Code, field: Int) {
    self.code = code
    self.field = field
  }

  package var description: String {
    "The bytes are not in canonical form (\(code.rawValue), field \(field)); they must be encoded as SyncProtocol/README.md says."
  }
}
