// The kinds of fields that canonical messages have. Each function writes its value or reads it, by the coder's direction.
import Trust

extension CanonicalCoder {
  /// A whole number; 0 is omitted.
  package mutating func field(_ number: Int, _ value: inout UInt64) throws(CanonicalError) {
    if isWriting {
      if value != 0 { writeVarint(number, value) }
    } else if try nextIs(number) {
      value = try readVarint(number)
      try refuseDefault(value == 0, number)
    } else {
      // What was omitted is 0, whatever a new value of the message begins with.
      value = 0
    }
  }

  package mutating func field(_ number: Int, _ value: inout UInt32) throws(CanonicalError) {
    var wide = UInt64(value)
    try field(number, &wide)
    guard let narrow = UInt32(exactly: wide) else { throw CanonicalError(.badValue, field: number) }
    value = narrow
  }

  /// A yes or no; no is omitted.
  package mutating func field(_ number: Int, _ value: inout Bool) throws(CanonicalError) {
    var wide: UInt64 = value ? 1 : 0
    try field(number, &wide)
    guard wide <= 1 else { throw CanonicalError(.badValue, field: number) }
    value = wide == 1
  }

  /// A number that may be absent; it travels as itself plus one.
  package mutating func field(_ number: Int, _ value: inout UInt64?) throws(CanonicalError) {
    var shifted = value.map { $0 &+ 1 } ?? 0
    try field(number, &shifted)
    value = shifted == 0 ? nil : shifted - 1
  }

  /// Text in UTF-8, exactly as given; empty is omitted.
  package mutating func field(_ number: Int, _ value: inout String) throws(CanonicalError) {
    var raw = Array(value.utf8)
    try field(number, &raw)
    guard !isWriting else { return }
    guard let text = String(validating: raw, as: UTF8.self) else { throw CanonicalError(.badText, field: number) }
    value = text
  }

  /// Bytes; empty is omitted.
  package mutating func field(_ number: Int, _ value: inout [UInt8]) throws(CanonicalError) {
    if isWriting {
      if !value.isEmpty { writeBytes(number, value) }
    } else if try nextIs(number) {
      value = try readBytes(number)
      try refuseDefault(value.isEmpty, number)
    } else {
      value = []
    }
  }

  /// A value of fixed length that must be there: an id, a digest, a key.
  package mutating func field<Value: FixedBytes>(_ number: Int, _ value: inout Value) throws(CanonicalError) {
    if isWriting { return writeBytes(number, value.bytes) }
    guard try nextIs(number) else { throw CanonicalError(.missingField, field: number) }
    value = try readFixed(number)
  }

  /// A value of fixed length that may be absent.
  package mutating func field<Value: FixedBytes>(_ number: Int, _ value: inout Value?) throws(CanonicalError) {
    if isWriting {
      if let value { writeBytes(number, value.bytes) }
    } else {
      value = try nextIs(number) ? try readFixed(number) : nil
    }
  }

  /// Values of fixed length, in order.
  package mutating func field<Value: FixedBytes>(_ number: Int, _ values: inout [Value]) throws(CanonicalError) {
    if isWriting {
      for value in values { writeBytes(number, value.bytes) }
      return
    }
    values = []
    while try nextIs(number) { values.append(try readFixed(number)) }
  }

  /// Texts, in order; an empty one is written too.
  package mutating func field(_ number: Int, _ values: inout [String]) throws(CanonicalError) {
    if isWriting {
      for value in values { writeBytes(number, Array(value.utf8)) }
      return
    }
    values = []
    while try nextIs(number) {
      guard let text = String(validating: try readBytes(number), as: UTF8.self) else {
        throw CanonicalError(.badText, field: number)
      }
      values.append(text)
    }
  }

  /// Byte strings, in order; an empty one is written too.
  package mutating func field(_ number: Int, _ values: inout [[UInt8]]) throws(CanonicalError) {
    if isWriting {
      for value in values { writeBytes(number, value) }
      return
    }
    values = []
    while try nextIs(number) { values.append(try readBytes(number)) }
  }

  /// An enumeration that must be there.
  package mutating func field<Value: CanonicalEnumeration>(_ number: Int, _ value: inout Value) throws(CanonicalError) {
    var raw = value.rawValue
    if !isWriting { raw = 0 }
    try field(number, &raw)
    guard let known = Value(rawValue: raw) else { throw CanonicalError(.badValue, field: number) }
    value = known
  }

  /// An enumeration that may be absent.
  package mutating func field<Value: CanonicalEnumeration>(_ number: Int, _ value: inout Value?) throws(CanonicalError) {
    var raw = value?.rawValue ?? 0
    if !isWriting { raw = 0 }
    try field(number, &raw)
    guard raw != 0 else { return value = nil }
    guard let known = Value(rawValue: raw) else { throw CanonicalError(.badValue, field: number) }
    value = known
  }

  /// Enumeration values, one field each (not packed).
  package mutating func field<Value: CanonicalEnumeration>(_ number: Int, _ values: inout [Value]) throws(CanonicalError) {
    if isWriting {
      for value in values { writeVarint(number, UInt64(value.rawValue)) }
      return
    }
    values = []
    while try nextIs(number) {
      guard let raw = UInt32(exactly: try readVarint(number)), let known = Value(rawValue: raw) else {
        throw CanonicalError(.badValue, field: number)
      }
      values.append(known)
    }
  }

  /// An embedded message that must be there.
  package mutating func field<Value: CanonicalMessage>(_ number: Int, _ value: inout Value) throws(CanonicalError) {
    if isWriting { return writeBytes(number, value.encoded()) }
    guard try nextIs(number) else { throw CanonicalError(.missingField, field: number) }
    value = try readMessage(number)
  }

  /// An embedded message that may be absent.
  package mutating func field<Value: CanonicalMessage>(_ number: Int, _ value: inout Value?) throws(CanonicalError) {
    if isWriting {
      if let value { writeBytes(number, value.encoded()) }
    } else {
      value = try nextIs(number) ? try readMessage(number) : nil
    }
  }

  /// Embedded messages, in order.
  package mutating func field<Value: CanonicalMessage>(_ number: Int, _ values: inout [Value]) throws(CanonicalError) {
    if isWriting {
      for value in values { writeBytes(number, value.encoded()) }
      return
    }
    values = []
    while try nextIs(number) { values.append(try readMessage(number)) }
  }

  private mutating func readFixed<Value: FixedBytes>(_ number: Int) throws(CanonicalError) -> Value {
    guard let value = Value(try readBytes(number)) else { throw CanonicalError(.badLength, field: number) }
    return value
  }

  private mutating func readMessage<Value: CanonicalMessage>(_ number: Int) throws(CanonicalError) -> Value {
    var embedded = try readEmbedded(number)
    var value = Value()
    try value.visit(&embedded)
    try embedded.finish()
    return value
  }

  private func refuseDefault(_ isDefault: Bool, _ number: Int) throws(CanonicalError) {
    if isDefault && isStrict { throw CanonicalError(.defaultPresent, field: number) }
  }
}
