// JSON values that know the line they stand on, so that a fault can be pointed at.

struct JSONNode {
  indirect enum Value {
    case object([(key: String, value: JSONNode)])
    case array([JSONNode])
    case text(String)
    case number
    case bool
    case null
  }

  var value: Value
  /// Counted from 1.
  var line: Int

  /// What it is, for sentences.
  var name: String {
    switch value {
    case .object: "an object"
    case .array: "a list"
    case .text: "a text"
    case .number: "a number"
    case .bool: "true or false"
    case .null: "null"
    }
  }
}

/// Reads JSON text strictly: RFC 8259, bounded in depth, no key twice in one object.
struct JSONReader {
  private static let depthLimit = 32

  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The one value that the text holds.
  mutating func document() throws(ImportFaults) -> JSONNode {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    skipSpace()
    let node = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw fault("Something follows after the end of the JSON value.") }
    return node
  }

  private func fault(_ problem: String) -> ImportFaults {
    ImportFaults([ImportFault(line: line, path: "", problem: problem)])
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      if byte == 0x0A { line += 1 }
      position += 1
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(ImportFaults) -> JSONNode {
    guard depth < Self.depthLimit else { throw fault("The JSON is nested too deep.") }
    let start = line
    switch next {
    case UInt8(ascii: "{"): return JSONNode(value: .object(try object(depth: depth)), line: start)
    case UInt8(ascii: "["): return JSONNode(value: .array(try array(depth: depth)), line: start)
    case UInt8(ascii: "\""): return JSONNode(value: .text(try text()), line: start)
    case UInt8(ascii: "t"): return try word("true", .bool)
    case UInt8(ascii: "f"): return try word("false", .bool)
    case UInt8(ascii: "n"): return try word("null", .null)
    case .some(let byte) where byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte):
      try number()
      return JSONNode(value: .number, line: start)
    case nil: throw fault("The file ends in the middle of a value.")
    default: throw fault("Here a JSON value must stand.")
    }
  }

  private mutating func object(depth: Int) throws(ImportFaults) -> [(key: String, value: JSONNode)] {
    position += 1
    var members: [(key: String, value: JSONNode)] = []
    var keys: Set<String> = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return [] }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw fault("Here a key in double quotes must stand.") }
      let key = try text()
      guard keys.insert(key).inserted else { throw fault("The key \"\(key)\" stands twice in one object.") }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw fault("After a key a colon must stand.") }
      skipSpace()
      members.append((key, try value(depth: depth + 1)))
      skipSpace()
      if take(UInt8(ascii: "}")) { return members }
      guard take(UInt8(ascii: ",")) else { throw fault("After a value a comma or } must stand.") }
    }
  }

  private mutating func array(depth: Int) throws(ImportFaults) -> [JSONNode] {
    position += 1
    var elements: [JSONNode] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return [] }
    while true {
      skipSpace()
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take(UInt8(ascii: "]")) { return elements }
      guard take(UInt8(ascii: ",")) else { throw fault("After a value a comma or ] must stand.") }
    }
  }

  private mutating func word(_ word: String, _ value: JSONNode.Value) throws(ImportFaults) -> JSONNode {
    guard bytes[position...].starts(with: word.utf8) else { throw fault("Here a JSON value must stand.") }
    position += word.utf8.count
    return JSONNode(value: value, line: line)
  }

  private mutating func number() throws(ImportFaults) {
    _ = take(UInt8(ascii: "-"))
    let digits = position
    skipDigits()
    guard position > digits, bytes[digits] != 0x30 || position == digits + 1 else { throw fault("This is no number.") }
    if take(UInt8(ascii: ".")) {
      let fraction = position
      skipDigits()
      guard position > fraction else { throw fault("This is no number.") }
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      let exponent = position
      skipDigits()
      guard position > exponent else { throw fault("This is no number.") }
    }
  }

  private mutating func skipDigits() { while let byte = next, (0x30...0x39).contains(byte) { position += 1 } }

  private mutating func text() throws(ImportFaults) -> String {
    position += 1
    var content: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: content, as: UTF8.self) else { throw fault("A text is not valid UTF-8.") }
        return text
      case UInt8(ascii: "\\"): content += try escape()
      case 0..<0x20: throw fault("A line break or control character in a text must be written as \\n or \\u….")
      default: content.append(byte)
      }
    }
    throw fault("A text does not end.")
  }

  private mutating func escape() throws(ImportFaults) -> [UInt8] {
    guard let byte = next else { throw fault("A text does not end.") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return Array(String(Character(try scalar())).utf8)
    default: throw fault("\\\(Character(Unicode.Scalar(byte))) is no escape of JSON.")
    }
  }

  /// One scalar from one escape, or from the two of a pair.
  private mutating func scalar() throws(ImportFaults) -> Unicode.Scalar {
    let first = try unit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xD800..<0xDC00).contains(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
      throw fault("Half of a surrogate pair is no character.")
    }
    let second = try unit()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw fault("Half of a surrogate pair is no character.") }
    return scalar
  }

  private mutating func unit() throws(ImportFaults) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw fault("After \\u four hexadecimal digits must stand.")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
