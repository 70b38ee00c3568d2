// The canonical bytes of every message are recorded: what was signed once must verify for ever.
// With COUNTERSIGN_REGENERATE=1 in the environment they are recorded anew, which is only right while nothing is released.
import Foundation
import ReviewModel
import Testing
import Trust

struct CanonicalBytesTests {
  private static let url = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/protocol/canonical.json")

  @Test func `every canonical message has its recorded bytes`() throws {
    var entries: [String: String] = [:]
    for sample in CanonicalSample.all { entries[sample.name] = Hex.encode(sample.bytes) }
    for body in MutationSamples.all { entries["Mutation.\(body.fieldNumber)"] = Hex.encode(body.encoded()) }
    if ProcessInfo.processInfo.environment["COUNTERSIGN_REGENERATE"] == "1" {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try (encoder.encode(entries) + [UInt8(ascii: "\n")]).write(to: Self.url)
      Issue.record("canonical.json was recorded anew: what was just written agrees with itself, so look at what changed")
    }
    let recorded = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: Self.url))
    #expect(Set(recorded.keys) == Set(entries.keys))
    for (name, bytes) in entries { #expect(recorded[name] == bytes, "\(name)") }
  }
}
