// Where an import file names the media of its posts. Whether they are there is seen by who can look beside the file, after
// it was read; a fault that is found then needs its line as every other one.

extension ImportReader {
  /// The line of each post's media, by item and post as `read` gives them; the post's own line where none are named.
  public static func mediaLines(json: [UInt8]) throws(ImportFaults) -> [[Int]] {
    var reader = JSONReader(json)
    return try reader.document().elements(of: "items").map { item in
      item.elements(of: "posts").map { $0.member("media")?.line ?? $0.line }
    }
  }

  /// The line of each row, by item and post as `read` gives them.
  public static func mediaLines(csv: [UInt8]) throws(ImportFaults) -> [[Int]] {
    var rows = try CSVReader.rows(csv)[...]
    guard let header = rows.popFirst() else { return [] }
    var table = ImportTable(header: header)
    for row in rows { table.add(row) }
    return table.lines
  }
}

extension JSONNode {
  fileprivate func member(_ key: String) -> JSONNode? {
    guard case .object(let members) = value else { return nil }
    return members.first { $0.key == key }?.value
  }

  fileprivate func elements(of key: String) -> [JSONNode] {
    guard case .array(let elements) = member(key)?.value else { return [] }
    return elements
  }
}
