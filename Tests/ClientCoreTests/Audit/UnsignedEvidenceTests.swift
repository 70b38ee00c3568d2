// The log covers what was signed, and not the signature: what comes with a damaged one is not kept, or no later session would
// fetch it again.
import ReviewModel
import Storage
import SyncEngine
import Testing
import Trust

@testable import ClientCore

struct UnsignedEvidenceTests {
  @Test func `evidence whose signature was damaged on its way ends the session, and nothing of it is kept`() async throws {
    let world = try World()
    let ada = try await world.enrol("ada", [.admin, .editor], name: "Ada")
    _ = try await ada.sync()
    _ = try ada.importBatch(Content.file(), media: [:], submits: true)
    _ = try await ada.sync()
    var rows: [EvidenceRow] = []
    try ada.openedCache().allEvidence { rows.append($0) }
    let executor = try SessionExecutor(profile: ada, isOnce: true, wantsLedger: false) { _ in }
    #expect(try executor.execute(.keepEvidence(rows)).isEmpty && !rows.isEmpty)
    for place in rows.indices {
      var damaged = rows[place]
      var signature = damaged.envelope.signature.bytes
      signature[7] ^= 1
      damaged.envelope = SignedEnvelope(bytes: damaged.envelope.bytes, signature: try #require(Signature(signature)))
      guard case .pipeClosed(let reason) = try executor.execute(.keepEvidence([damaged])).first else {
        Issue.record("entry \(damaged.index) was kept")
        continue
      }
      #expect(reason.contains("signature"))
    }
  }
}
