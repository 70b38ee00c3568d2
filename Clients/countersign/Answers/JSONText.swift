// Writes values as JSON with the names that their coding keys give. It is not Foundation's encoder, because lists of ten
// thousand posts must be there at once, absent values must be written as null, and fields can be chosen.

/// JSON of encodable values: one object, or a list with an element a line.
enum JSONText {
  /// Bytes after which a list is handed on.
  static let chunkBytes = 64 * 1024

  /// One answer and a line break.
  static func object(_ value: some Encodable, fields: [String]? = nil) throws -> [UInt8] {
    let sink = JSONSink(fields: fields.map(Set.init), answerDepth: 0)
    try JSONValueEncoder.write(value, to: sink, depth: 0)
    sink.write(raw: "\n")
    try check(fields, sink)
    return sink.takeBytes()
  }

  /// A list, handed on in chunks.
  static func list(_ values: some Sequence<some Encodable>, fields: [String]? = nil, write: ([UInt8]) -> Void) throws {
    let sink = JSONSink(fields: fields.map(Set.init), answerDepth: 1)
    var isFirst = true
    sink.write(raw: "[")
    for value in values {
      sink.write(literal: isFirst ? "\n" : ",\n")
      try JSONValueEncoder.write(value, to: sink, depth: 1)
      if isFirst { try check(fields, sink) }
      isFirst = false
      if sink.bytes.count >= chunkBytes { write(sink.takeBytes()) }
    }
    sink.write(literal: isFirst ? "]\n" : "\n]\n")
    write(sink.takeBytes())
  }

  /// `post,state`, or one that does not exist and the names that do.
  private static func check(_ fields: [String]?, _ sink: JSONSink) throws {
    guard let unknown = fields?.first(where: { !sink.names.contains($0) }) else { return }
    throw CommandFailure(
      .usage, "unknown_field", "There is no field named \(SafeText.line(unknown)).",
      remedy: "Choose from: \(sink.names.sorted().joined(separator: ", ")).")
  }
}

/// One value on its way into the sink.
struct JSONValueEncoder: Encoder {
  /// What a value has opened and its caller closes.
  final class Frame {
    var closing: UInt8 = 0
    var count = 0
  }

  let sink: JSONSink
  let frame: Frame
  let depth: Int
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  static func write(_ value: some Encodable, to sink: JSONSink, depth: Int) throws {
    switch value {
    case let text as String: sink.write(text)
    case let flag as Bool: sink.write(literal: flag ? "true" : "false")
    case let number as any BinaryInteger: sink.write(literal: "\(number)")
    case let number as Double: sink.write(literal: number.isFinite ? "\(number)" : "null")
    default:
      let frame = Frame()
      try value.encode(to: JSONValueEncoder(sink: sink, frame: frame, depth: depth))
      if frame.closing != 0 { sink.write(raw: frame.closing) } else if frame.count == 0 { sink.write(raw: "null") }
    }
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    open(0x7B, closing: 0x7D)
    return KeyedEncodingContainer(JSONObjectContainer<Key>(sink: sink, frame: frame, depth: depth))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    open(0x5B, closing: 0x5D)
    return JSONArrayContainer(sink: sink, frame: frame, depth: depth)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    JSONSingleContainer(sink: sink, frame: frame, depth: depth)
  }

  private func open(_ opening: UInt8, closing: UInt8) {
    precondition(frame.closing == 0, "a value opens one container")
    sink.write(raw: opening)
    frame.closing = closing
  }
}
