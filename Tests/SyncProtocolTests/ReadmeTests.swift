// The protocol's description cannot drift from the code: its examples are the recorded bytes, its tables are complete.
import Foundation
import ReviewModel
import SyncProtocol
import Testing
import Trust

@Suite(.serialized) struct ReadmeTests {
  private static let url = GoldenFile.root.appendingPathComponent("SyncProtocol/README.md")
  private let text: String

  init() throws { text = try String(contentsOf: Self.url, encoding: .utf8) }

  /// Lines `file/name = value` anywhere in the text are examples.
  private var examples: [(file: String, name: String, value: String)] {
    text.matches(of: /(?m)^([a-z]+)\/([a-z0-9_.]+) = (.*)$/).map {
      (String($0.output.1), String($0.output.2), String($0.output.3))
    }
  }

  @Test func `every example is a recorded value`() throws {
    #expect(examples.count >= 20)
    for example in examples {
      let recorded = try GoldenFile(name: example.file).read()[example.name]
      #expect(recorded == example.value, "\(example.file)/\(example.name)")
    }
  }

  @Test(arguments: RefusalCode.allCases) func `every refusal code is described`(code: RefusalCode) {
    #expect(text.contains("| \(code.rawValue) | `\(code.name)` | "))
  }

  @Test(arguments: GoodbyeCode.allCases) func `every goodbye code is described`(code: GoodbyeCode) {
    let name = "\(code)".flatMap { $0.isUppercase ? "_\($0.lowercased())" : "\($0)" }
    #expect(text.contains("| \(code.rawValue) | \(code.webSocketCloseCode) | `\(String(name))` | "))
  }

  @Test(arguments: PayloadType.allCases) func `every meaning of a signature is described`(type: PayloadType) {
    #expect(text.contains("`\(type.rawValue)`"))
  }

  @Test func `every kind of frame, entity and part is described`() {
    for name in FrameSample.all.map({ $0.name.split(separator: ".")[1] }) { #expect(text.contains("`\(name)`")) }
    for kind in EntityKind.allCases { #expect(text.contains("| \(kind.rawValue) | \(kind) | ")) }
    for kind in PartKind.allCases { #expect(text.contains("| \(kind.rawValue) | \(kind) | ")) }
  }

  @Test(arguments: [
    ("frame, binary", WireLimits.frameBytes), ("frame, JSON", WireLimits.jsonFrameBytes),
    ("envelope with its parts", WireLimits.envelopeWithPartsBytes), ("payload of an entity", WireLimits.payloadBytes),
    ("leaf record", WireLimits.leafRecordBytes), ("parts of an envelope", WireLimits.partsAnEnvelope),
    ("envelopes in a Push", WireLimits.envelopesAFrame), ("answers in an Outcomes", WireLimits.answersAFrame),
    ("entries in a page", WireLimits.entriesAPage), ("keys in a Fetch", WireLimits.keysAFetch),
    ("indexes in a ProofRequest", WireLimits.indexesARequest), ("entries of a range", WireLimits.indexesARange),
    ("entries in a Proofs", WireLimits.provedEntriesAFrame), ("scopes of a session", WireLimits.scopesASession),
    ("lanes in a Welcome", WireLimits.lanesADevice), ("hashes of a proof", WireLimits.proofHashes),
    ("agent, bytes", WireLimits.agentBytes), ("detail, bytes", WireLimits.detailBytes),
    ("origin, bytes", WireLimits.originBytes), ("note, bytes", WireLimits.noteBytes),
    ("name of a tenant, bytes", WireLimits.nameBytes), ("depth of nesting", WireLimits.nestingDepth),
  ])
  func `every limit is described`(name: String, limit: Int) {
    #expect(text.contains("| \(name) | \(limit) |"))
  }
}
