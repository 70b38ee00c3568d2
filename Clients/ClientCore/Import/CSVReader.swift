// Rows of a CSV file as RFC 4180 writes them: fields with commas, quotes or line breaks stand in double quotes.

struct CSVReader {
  struct Row {
    var fields: [String]
    /// Where the row begins, counted from 1.
    var line: Int
  }

  /// All rows; empty lines are passed over.
  static func rows(_ bytes: [UInt8]) throws(ImportFaults) -> [Row] {
    var reader = CSVReader(bytes: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes)
    var rows: [Row] = []
    while reader.position < reader.bytes.count {
      let row = try reader.row()
      if row.fields != [""] { rows.append(row) }
    }
    return rows
  }

  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func row() throws(ImportFaults) -> Row {
    let start = line
    var fields: [String] = []
    while true {
      fields.append(try field())
      guard position < bytes.count else { return Row(fields: fields, line: start) }
      switch bytes[position] {
      case UInt8(ascii: ","): position += 1
      case 0x0D:
        position += 1
        if position < bytes.count, bytes[position] == 0x0A { position += 1 }
        line += 1
        return Row(fields: fields, line: start)
      default:
        position += 1
        line += 1
        return Row(fields: fields, line: start)
      }
    }
  }

  private mutating func field() throws(ImportFaults) -> String {
    var content: [UInt8] = []
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
      content = try quoted()
    } else {
      while position < bytes.count, !Self.endsField(bytes[position]) {
        guard bytes[position] != UInt8(ascii: "\"") else {
          throw fault("A quote inside a field: put the whole field in quotes and double the quotes inside.")
        }
        content.append(bytes[position])
        position += 1
      }
    }
    guard let text = String(validating: content, as: UTF8.self) else { throw fault("A field is not valid UTF-8.") }
    return text
  }

  private mutating func quoted() throws(ImportFaults) -> [UInt8] {
    var content: [UInt8] = []
    let start = line
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      guard byte == UInt8(ascii: "\"") else {
        if byte == 0x0A { line += 1 }
        content.append(byte)
        continue
      }
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        guard position == bytes.count || Self.endsField(bytes[position]) else {
          throw fault("After a quoted field a comma or the end of the line must stand.")
        }
        return content
      }
      content.append(byte)
      position += 1
    }
    throw ImportFaults([ImportFault(line: start, path: "", problem: "A quoted field that begins here does not end.")])
  }

  private static func endsField(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ",") || byte == 0x0A || byte == 0x0D }

  private func fault(_ problem: String) -> ImportFaults {
    ImportFaults([ImportFault(line: line, path: "", problem: problem)])
  }
}
