// The containers that encodable values write themselves into. Nested containers are closed by whoever calls `encode`,
// so values must not open them by hand; none of ours does.

/// The fields of one object.
struct JSONObjectContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let sink: JSONSink
  let frame: JSONValueEncoder.Frame
  let depth: Int
  var codingPath: [any CodingKey] { [] }

  private func begin(_ key: Key) -> Bool {
    guard sink.wants(key.stringValue, depth: depth) else { return false }
    if frame.count > 0 { sink.write(raw: 0x2C) }
    frame.count += 1
    sink.write(key.stringValue)
    sink.write(raw: 0x3A)
    return true
  }

  mutating func encodeNil(forKey key: Key) throws { if begin(key) { sink.write(raw: "null") } }
  mutating func encode(_ value: Bool, forKey key: Key) throws {
    if begin(key) { sink.write(literal: value ? "true" : "false") }
  }
  mutating func encode(_ value: String, forKey key: Key) throws { if begin(key) { sink.write(value) } }

  mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    if begin(key) { try JSONValueEncoder.write(value, to: sink, depth: depth + 1) }
  }

  /// What is absent is written as null, so that every answer has every name.
  mutating func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws {
    if let value { try encode(value, forKey: key) } else { try encodeNil(forKey: key) }
  }

  mutating func encodeIfPresent(_ value: String?, forKey key: Key) throws {
    if let value { try encode(value, forKey: key) } else { try encodeNil(forKey: key) }
  }

  mutating func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws {
    if let value { try encode(value, forKey: key) } else { try encodeNil(forKey: key) }
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> { preconditionFailure("a value writes its fields by encode") }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    preconditionFailure("a value writes its fields by encode")
  }

  mutating func superEncoder() -> any Encoder { preconditionFailure("values have no superclass") }
  mutating func superEncoder(forKey key: Key) -> any Encoder { preconditionFailure("values have no superclass") }
}

/// The elements of one array.
struct JSONArrayContainer: UnkeyedEncodingContainer {
  let sink: JSONSink
  let frame: JSONValueEncoder.Frame
  let depth: Int
  var codingPath: [any CodingKey] { [] }
  var count: Int { frame.count }

  private func begin() {
    if frame.count > 0 { sink.write(raw: 0x2C) }
    frame.count += 1
  }

  mutating func encodeNil() throws {
    begin()
    sink.write(raw: "null")
  }

  mutating func encode<Value: Encodable>(_ value: Value) throws {
    begin()
    try JSONValueEncoder.write(value, to: sink, depth: depth + 1)
  }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    preconditionFailure("a value writes its elements by encode")
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    preconditionFailure("a value writes its elements by encode")
  }

  mutating func superEncoder() -> any Encoder { preconditionFailure("values have no superclass") }
}

/// A value that stands for another one.
struct JSONSingleContainer: SingleValueEncodingContainer {
  let sink: JSONSink
  let frame: JSONValueEncoder.Frame
  let depth: Int
  var codingPath: [any CodingKey] { [] }

  mutating func encodeNil() throws {
    frame.count += 1
    sink.write(raw: "null")
  }

  mutating func encode<Value: Encodable>(_ value: Value) throws {
    frame.count += 1
    try JSONValueEncoder.write(value, to: sink, depth: depth)
  }
}
