// Reads the schema's files as text: which messages and enumerations they declare, in order.
import Foundation

/// The .proto files, as far as the tests need them.
struct ProtoSchema: Sendable {
  struct Field: Hashable, Sendable {
    let name: String
    let number: Int
  }

  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("SyncProtocol/proto/countersign/v1")

  static let shared = ProtoSchema()

  /// The fields of each message and the values of each enumeration, in the order of the file.
  private(set) var messages: [String: [Field]] = [:]
  private var enumerations: [String: [Field]] = [:]
  private var files: [String: [String]] = [:]

  private init() {
    for file in ["content", "statements", "mutation", "ledger", "entities", "frames", "enrolment"] {
      let url = Self.folder.appendingPathComponent("\(file).proto")
      let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""  // an empty schema fails every test
      read(text, file)
    }
  }

  private mutating func read(_ text: String, _ file: String) {
    var current = ""
    var isEnumeration = false
    for line in text.split(separator: "\n").map({ $0.trimmingCharacters(in: .whitespaces) }) where !line.hasPrefix("//") {
      if let head = line.firstMatch(of: /^(message|enum) (\w+) \{/) {
        current = String(head.output.2)
        isEnumeration = head.output.1 == "enum"
        if isEnumeration { enumerations[current] = [] } else { messages[current] = [] }
        if !isEnumeration { files[file, default: []].append(current) }
      } else if !current.isEmpty, let field = line.firstMatch(of: /(\w+) = (\d+)( \[packed = false\])?;$/),
        let number = Int(field.output.2)
      {
        let entry = Field(name: String(field.output.1), number: number)
        if isEnumeration { enumerations[current]?.append(entry) } else { messages[current]?.append(entry) }
      }
    }
  }

  func messageNames(in file: String) -> [String] { files[file] ?? [] }

  /// The values but the unspecified one, as Swift spells them.
  func values(of enumeration: String) -> [String] {
    let prefix = enumeration.replacing(/([a-z])([A-Z])/) { "\($0.output.1)_\($0.output.2)" }.uppercased() + "_"
    return (enumerations[enumeration] ?? []).dropFirst().map { value in
      let words = value.name.dropFirst(prefix.count).lowercased().split(separator: "_")
      return (words.first.map(String.init) ?? "") + words.dropFirst().map(\.capitalized).joined()
    }
  }

  func numbers(of enumeration: String) -> [UInt32] {
    (enumerations[enumeration] ?? []).dropFirst().map { UInt32($0.number) }
  }
}
