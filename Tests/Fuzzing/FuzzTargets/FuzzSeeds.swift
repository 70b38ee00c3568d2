// Where every fuzzing run begins: the golden vectors, the posts of Fixtures/posts, and a few texts written here.
import Foundation
import ProcessHarness
import ReviewModel
import Trust

/// Sound inputs for a target.
package enum FuzzSeeds {
  package static func inputs(for target: FuzzTarget) throws -> [[UInt8]] {
    switch target.name {
    case "http-body": try bodies()
    case "canonical": try canonical()
    case "envelope": try golden("canonical") { $0 == "Envelope" } + golden("envelopes") { $0.hasSuffix(".envelope") }
    case "mutation": try golden("canonical") { $0.hasPrefix("Mutation.") }
    case "entity": try entities()
    case "part": try golden("envelopes") { $0.hasSuffix(".part") }
    case "note": try texts("ledger") { $0 == "checkpoint.note" }
    case "invitation-code":
      try texts("statements") { $0 == "invitation_code" }.map { [0] + $0 }
        + golden("canonical") { $0 == "InvitationCode" }.map { [1] + $0 }
    case "merkle-proof": try proofs()
    case "merkle-log": [[1, 0, 0, 0, 0], [7, 3, 4, 0, 1], [64, 63, 32, 2, 7, 9], [255, 200, 129, 3, 255]]
    case "import-json": try imports("spring-campaign.json", faulty: "faulty.json")
    case "import-csv": try table()
    case "identity-file": [Array(identity.utf8)]
    case "text": words.map { [$0.reader] + Array($0.text.utf8) }
    case "message": [[0, 3, 0, 1, 2, 3, 1, 1, 9], [3, 2, 1, 0x68, 0x69], [0, 64, 2] + [UInt8](repeating: 1, count: 64)]
    case "merge": merges.map { Array($0.joined(separator: "\0").utf8) }
    default: try frames(target.name)
    }
  }

  // MARK: Golden vectors

  private static func recorded(_ name: String) throws -> [(name: String, text: String)] {
    let url = FuzzCorpus.root.appendingPathComponent("Fixtures/protocol/\(name).json")
    let entries = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: url))
    return entries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func golden(_ name: String, _ isWanted: (String) -> Bool) throws -> [[UInt8]] {
    try recorded(name).filter { isWanted($0.name) }.compactMap { Hex.decode($0.text) }
  }

  private static func texts(_ name: String, _ isWanted: (String) -> Bool) throws -> [[UInt8]] {
    try recorded(name).filter { isWanted($0.name) }.map { Array($0.text.utf8) }
  }

  private static func frames(_ target: String) throws -> [[UInt8]] {
    let pieces = target.split(separator: "-")
    guard pieces.count == 3, pieces[1] == "frame" else { throw BrokenPromise("\(target) has no seeds") }
    let isWanted = { (name: String) in name.hasPrefix(pieces[0] + ".") && name.hasSuffix("." + pieces[2]) }
    return pieces[2] == "json" ? try texts("frames", isWanted) : try golden("frames", isWanted)
  }

  private static func bodies() throws -> [[UInt8]] {
    try FrameTargets.bodies.enumerated().flatMap { number, name in
      try golden("enrolment") { $0 == name + ".binary" }.map { [UInt8(2 * number)] + $0 }
        + texts("enrolment") { $0 == name + ".json" }.map { [UInt8(2 * number + 1)] + $0 }
    }
  }

  private static func canonical() throws -> [[UInt8]] {
    let places = Dictionary(
      CanonicalTargets.messages.enumerated().map { (String(describing: $0.element), UInt8($0.offset)) },
      uniquingKeysWith: { first, _ in first })
    return try recorded("canonical").compactMap { name, text in
      guard let place = places[name], let bytes = Hex.decode(text) else { return nil }
      return [place] + bytes
    }
  }

  private static func entities() throws -> [[UInt8]] {
    try recorded("canonical").compactMap { name, text in
      let kind = EntityKind.allCases.first { "\($0)entity" == name.lowercased() }
      guard let kind, let bytes = Hex.decode(text) else { return nil }
      return [UInt8(kind.rawValue)] + bytes
    }
  }

  /// The recorded growth from two entries to four, and the recorded place of the third.
  private static func proofs() throws -> [[UInt8]] {
    let entries = Dictionary(try recorded("ledger").map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
    func hashes(_ name: String) -> [UInt8] {
      (entries[name] ?? "").split(separator: " ").flatMap { Hex.decode($0) ?? [] }
    }
    let numbers: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 4]
    return [
      numbers + hashes("root.2") + hashes("root.4") + hashes("consistency.2.to.4"),
      numbers + hashes("leaf.2.hash") + hashes("root.4") + hashes("inclusion.2.of.4"),
    ]
  }

  // MARK: Files

  private static func post(_ name: String) throws -> String {
    try String(contentsOf: FuzzCorpus.root.appendingPathComponent("Fixtures/posts/\(name)"), encoding: .utf8)
  }

  /// The first item of the campaign, each faulty item by itself, and a file with every escape.
  private static func imports(_ sound: String, faulty: String) throws -> [[UInt8]] {
    let encoder = JSONEncoder()
    let files = try [sound, faulty].map { try JSONDecoder().decode(Shape.self, from: Data(post($0).utf8)) }
    let items = [files[0].items[0]] + files[1].items
    let single = try items.map { Array(try encoder.encode(Shape(campaign: "Spring", items: [$0]))) }
    return single + [Array(escapes.utf8)]
  }

  private static func table() throws -> [[UInt8]] {
    let rows = try post("spring-campaign.csv").split(separator: "\n").prefix(3)
    let quoted = "theme,platform,text\r\n\"a \"\"b\"\"\",x,\"one\ntwo\"\r\n,x,\n"
    return [Array(rows.joined(separator: "\n").utf8), Array(quoted.utf8)]
  }
}

/// An import file whose items may be anything: a faulty one is not of the shape of a sound one.
private struct Shape: Codable {
  var campaign: String
  var items: [JSONValue]
}
