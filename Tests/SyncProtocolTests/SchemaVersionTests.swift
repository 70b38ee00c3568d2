// The schema is pinned: it cannot change unnoticed.
import Foundation
import SyncProtocol
import Testing
import Trust

struct SchemaVersionTests {
  /// SHA-256 over the names and bytes of the schema's files, in order of their names.
  private static let pinnedSchema = "cf6c6f653279eddbec9387c61ad2be5ecfbf5b2360e9bedfd0cf04d9f742df8b"

  @Test func `the schema is the one that this version of the protocol was released with`() throws {
    let folder = GoldenFile.root.appendingPathComponent("SyncProtocol/proto/countersign/v1")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".proto") }.sorted()
    #expect(names.count == 7)
    let slices = try names.flatMap { name in
      [Array("\(name)\n".utf8), [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))]
    }
    #expect(
      SHA256.hash(slices).hex == Self.pinnedSchema,
      """
      The schema has changed. Fields may only be added, with new numbers. If that is what you did: generate the code \
      anew, describe the change in SyncProtocol/README.md, raise ProtocolVersion.current unless older peers may ignore \
      the new fields, and pin the new hash here.
      """)
  }

  @Test func `this is version 1`() {
    #expect(ProtocolVersion.minimum == 1)
    #expect(ProtocolVersion.current == 1)
    #expect(Subprotocol.binary == "countersign.v1")
  }
}
