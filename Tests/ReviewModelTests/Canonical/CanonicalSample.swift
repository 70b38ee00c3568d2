// One value of a canonical message with every field set, and the ways to read its bytes: by the model and by the
// code that the schema generates.
import ReviewModel
import SwiftProtobuf
import SyncProtocol
import Testing
import Trust

/// A fully set value of one canonical message.
struct CanonicalSample: Sendable, CustomTestStringConvertible {
  /// The message's name in the schema, without its package.
  let name: String
  /// The names of the Swift value's fields, in order.
  let labels: [String]
  let bytes: [UInt8]
  /// Reads strictly and writes again.
  let rewrite: @Sendable ([UInt8]) throws -> [UInt8]
  /// Reads passing over unknown fields, and writes again.
  let rewriteTolerantly: @Sendable ([UInt8]) throws -> [UInt8]
  /// Reads with the generated message, and writes again without what the schema does not know.
  let regenerate: @Sendable ([UInt8]) throws -> [UInt8]

  var testDescription: String { name }

  init<Value: CanonicalMessage, Generated: Message>(_ value: Value, _ generated: Generated.Type) {
    name = String(Generated.protoMessageName.split(separator: ".").last ?? "")
    labels = Mirror(reflecting: value).children.compactMap(\.label)
    bytes = value.encoded()
    rewrite = { try Value(canonical: $0).encoded() }
    rewriteTolerantly = { try Value(tolerating: $0).encoded() }
    regenerate = { bytes in
      var options = BinaryDecodingOptions()
      options.discardUnknownFields = true
      return try Generated(serializedBytes: bytes, options: options).serializedBytes()
    }
  }

  static let all: [CanonicalSample] = content + statements + ledger + people + review + contentMutations + entities

  static func id<Kind>(_ number: UInt8) -> Identifier<Kind> {
    Identifier([UInt8](repeating: number, count: 16))!
  }

  static func digest(_ number: UInt8) -> Digest { Digest([UInt8](repeating: number, count: 32))! }

  static func key(_ number: UInt8) -> PublicKey { PublicKey([UInt8](repeating: number, count: 32))! }

  static func signature(_ number: UInt8) -> Signature { Signature([UInt8](repeating: number, count: 64))! }

  /// A value changed in place.
  static func with<Value: CanonicalMessage>(_ type: Value.Type, _ change: (inout Value) -> Void) -> Value {
    var value = Value()
    change(&value)
    return value
  }
}
