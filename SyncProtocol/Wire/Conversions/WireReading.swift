// Reads the fields of decoded messages into values of the model: lengths, counts and names are checked here.
import Foundation
import ReviewModel
import Trust

/// Checked reading of single fields. Every function names the field in its error and never quotes its content.
enum WireReading {
  static func fixed<Value: FixedBytes>(_ data: Data, _ field: String) throws(WireError) -> Value {
    guard let value = Value([UInt8](data)) else { throw .malformed(field, "a value of its fixed length") }
    return value
  }

  static func fixed<Value: FixedBytes>(_ list: [Data], _ field: String, limit: Int) throws(WireError) -> [Value] {
    try Self.list(list, field, limit: limit) { (data) throws(WireError) -> Value in try fixed(data, field) }
  }

  static func list<Source, Value>(
    _ source: [Source], _ field: String, limit: Int, _ read: (Source) throws(WireError) -> Value
  ) throws(WireError) -> [Value] {
    guard source.count <= limit else { throw .tooMany(field, limit: limit) }
    return try source.map(read)
  }

  static func bytes(_ data: Data, _ field: String, limit: Int) throws(WireError) -> [UInt8] {
    guard data.count <= limit else { throw .tooLong(field, limit: limit) }
    return [UInt8](data)
  }

  static func text(_ text: String, _ field: String, limit: Int) throws(WireError) -> String {
    guard text.utf8.count <= limit else { throw .tooLong(field, limit: limit) }
    return text
  }

  /// A scope that devices may be granted.
  static func scope(_ name: String, _ field: String) throws(WireError) -> Scope {
    guard let scope = Scope(name: name), scope.isGrantable else {
      throw .malformed(field, "the name of a scope that devices may be granted")
    }
    return scope
  }

  /// A kind that this version knows, with an id as long as that kind's ids are.
  static func key(_ kind: WireEntityKind, _ id: Data, _ field: String) throws(WireError) -> EntityKey {
    guard let raw = UInt32(exactly: kind.rawValue), let known = EntityKind(rawValue: raw) else {
      throw .malformed(field, "of a kind that the session's version knows")
    }
    guard id.count == idByteCount(of: known) else { throw .malformed(field, "an id as long as its kind's ids") }
    return EntityKey(kind: known, id: [UInt8](id))
  }

  static func parts(_ parts: [Data], _ field: String) throws(WireError) -> [[UInt8]] {
    try list(parts, field, limit: WireLimits.partsAnEnvelope) { (part) throws(WireError) -> [UInt8] in
      try bytes(part, field, limit: WireLimits.envelopeWithPartsBytes)
    }
  }

  static func wire(_ kind: EntityKind) -> WireEntityKind {
    WireEntityKind(rawValue: Int(kind.rawValue)) ?? .unspecified
  }

  private static func idByteCount(of kind: EntityKind) -> Int {
    switch kind {
    case .device, .revision, .invitation: Digest.byteCount
    case .stage: 18
    case .tenant, .member, .campaign, .item, .subject, .draft, .decision, .thread, .comment, .batch, .pause: 16
    }
  }
}

extension FixedBytes {
  var data: Data { Data(bytes) }
}
