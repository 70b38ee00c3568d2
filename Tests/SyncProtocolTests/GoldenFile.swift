// Recorded bytes: what the first version wrote, every later version writes. With COUNTERSIGN_REGENERATE=1 in the
// environment the tests record anew, which is only right while nothing is released.
import Foundation
import Testing

/// A file of named texts (hexadecimal bytes, mostly) in Fixtures/protocol.
struct GoldenFile {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let isRegenerating = ProcessInfo.processInfo.environment["COUNTERSIGN_REGENERATE"] == "1"

  let name: String

  var url: URL { Self.root.appendingPathComponent("Fixtures/protocol/\(name).json") }

  /// Fails for every entry that differs from the recorded one, or records them all and says so: what has just been written
  /// agrees with itself, so a run that records never passes.
  func expect(_ entries: [String: String], sourceLocation: SourceLocation = #_sourceLocation) throws {
    if Self.isRegenerating {
      try record(entries)
      Issue.record("\(name).json was recorded anew: look at what changed", sourceLocation: sourceLocation)
    }
    let recorded = try read()
    #expect(Set(recorded.keys) == Set(entries.keys), "the names in \(name).json", sourceLocation: sourceLocation)
    for (key, value) in entries where recorded[key] != nil {
      #expect(recorded[key] == value, "\(key) in \(name).json", sourceLocation: sourceLocation)
    }
  }

  func read() throws -> [String: String] {
    try JSONDecoder().decode([String: String].self, from: Data(contentsOf: url))
  }

  private func record(_ entries: [String: String]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try (encoder.encode(entries) + [UInt8(ascii: "\n")]).write(to: url)
  }
}
