// Writes and reads canonical bytes: the wire format's lowest level. Which fields there are, the messages say.

/// One pass over a message's fields, writing or reading. Reading never looks past its bytes and never traps.
package struct CanonicalCoder: Sendable {
  static let depthLimit = 8

  /// What was written so far, or what is read.
  package private(set) var bytes: [UInt8]
  package let isWriting: Bool
  let isStrict: Bool
  let depth: Int
  private var position = 0
  private var end: Int

  package static func writer() -> CanonicalCoder {
    CanonicalCoder(bytes: [], isWriting: true, isStrict: true, depth: 0, position: 0, end: 0)
  }

  package static func reader(_ bytes: [UInt8], isStrict: Bool) -> CanonicalCoder {
    CanonicalCoder(bytes: bytes, isWriting: false, isStrict: isStrict, depth: 0, position: 0, end: bytes.count)
  }

  private init(bytes: [UInt8], isWriting: Bool, isStrict: Bool, depth: Int, position: Int, end: Int) {
    self.bytes = bytes
    self.isWriting = isWriting
    self.isStrict = isStrict
    self.depth = depth
    self.position = position
    self.end = end
  }

  /// The end of a reading pass: nothing may be left over that a strict reader does not know.
  package mutating func finish() throws(CanonicalError) {
    guard !isWriting else { return }
    while position < end {
      let (number, wireType) = try tag()
      if isStrict { throw CanonicalError(.unknownField, field: number) }
      try skip(wireType, field: number)
    }
  }

  // MARK: Writing

  mutating func writeVarint(_ number: Int, _ value: UInt64) {
    append(varint: UInt64(number) << 3)
    append(varint: value)
  }

  mutating func writeBytes(_ number: Int, _ content: [UInt8]) {
    append(varint: UInt64(number) << 3 | 2)
    append(varint: UInt64(content.count))
    bytes.append(contentsOf: content)
  }

  private mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  // MARK: Reading

  /// Whether the next field is this one; a tolerant reader first passes over smaller numbers that it does not know.
  mutating func nextIs(_ number: Int) throws(CanonicalError) -> Bool {
    while position < end {
      let start = position
      let (found, wireType) = try tag()
      if found >= number {
        position = start
        return found == number
      }
      if isStrict { throw CanonicalError(.unknownField, field: found) }
      try skip(wireType, field: found)
    }
    return false
  }

  /// The number of the next field, nil at the end.
  package mutating func nextFieldNumber() throws(CanonicalError) -> Int? {
    guard position < end else { return nil }
    let start = position
    let (number, _) = try tag()
    position = start
    return number
  }

  mutating func readVarint(_ number: Int) throws(CanonicalError) -> UInt64 {
    let (_, wireType) = try tag()
    guard wireType == 0 else { throw CanonicalError(.wrongWireType, field: number) }
    return try varint(field: number)
  }

  mutating func readBytes(_ number: Int) throws(CanonicalError) -> [UInt8] {
    let range = try readRange(number)
    return Array(bytes[range])
  }

  /// A coder over an embedded message's bytes.
  mutating func readEmbedded(_ number: Int) throws(CanonicalError) -> CanonicalCoder {
    guard depth < Self.depthLimit else { throw CanonicalError(.tooDeep, field: number) }
    let range = try readRange(number)
    return CanonicalCoder(
      bytes: bytes, isWriting: false, isStrict: isStrict, depth: depth + 1, position: range.lowerBound, end: range.upperBound)
  }

  private mutating func readRange(_ number: Int) throws(CanonicalError) -> Range<Int> {
    let (_, wireType) = try tag()
    guard wireType == 2 else { throw CanonicalError(.wrongWireType, field: number) }
    let length = try varint(field: number)
    guard length <= UInt64(end - position) else { throw CanonicalError(.truncated, field: number) }
    let range = position..<(position + Int(length))
    position = range.upperBound
    return range
  }

  private mutating func tag() throws(CanonicalError) -> (number: Int, wireType: UInt8) {
    let value = try varint(field: 0)
    let number = value >> 3
    guard number >= 1, number < 1 << 29 else { throw CanonicalError(.badValue, field: 0) }
    return (Int(number), UInt8(value & 7))
  }

  private mutating func varint(field: Int) throws(CanonicalError) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<10 {
      guard position < end else { throw CanonicalError(.truncated, field: field) }
      let byte = bytes[position]
      position += 1
      if index == 9, byte > 1 { throw CanonicalError(.badValue, field: field) }
      value |= UInt64(byte & 0x7F) << UInt64(7 * index)
      if byte & 0x80 == 0 {
        guard byte != 0 || index == 0 else { throw CanonicalError(.notMinimal, field: field) }
        return value
      }
    }
    throw CanonicalError(.badValue, field: field)
  }

  private mutating func skip(_ wireType: UInt8, field: Int) throws(CanonicalError) {
    switch wireType {
    case 0: _ = try varint(field: field)
    case 1, 5:
      let width = wireType == 1 ? 8 : 4
      guard end - position >= width else { throw CanonicalError(.truncated, field: field) }
      position += width
    case 2:
      let length = try varint(field: field)
      guard length <= UInt64(end - position) else { throw CanonicalError(.truncated, field: field) }
      position += Int(length)
    default: throw CanonicalError(.wrongWireType, field: field)
    }
  }
}
