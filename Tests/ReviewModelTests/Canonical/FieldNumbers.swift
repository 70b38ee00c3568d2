// Walks protobuf bytes without knowing their schema: which field numbers occur. Independent of the coder under test.
import ReviewModel

enum FieldNumbers {
  /// The numbers in order, each run of a repeated field once.
  static func distinct(in bytes: [UInt8]) throws -> [Int] {
    var numbers: [Int] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let tag = try varint(&rest)
      let number = Int(tag >> 3)
      if numbers.last != number { numbers.append(number) }
      let value = try varint(&rest)
      if tag & 7 == 2 { rest = rest.dropFirst(Int(value)) }
    }
    return numbers
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) throws -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while let byte = rest.popFirst() {
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
      shift += 7
    }
    throw CanonicalError(.truncated, field: 0)
  }
}
