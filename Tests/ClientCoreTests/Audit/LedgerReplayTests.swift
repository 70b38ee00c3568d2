// The audit of the whole ledger: what the server refused before it asked the rules is decided again like everything else.
import ReviewModel
import Storage
import SyncEngine
import Testing

@testable import ClientCore

struct LedgerReplayTests {
  @Test func `another's mutation id is refused, and the audit follows why`() async throws {
    let world = try World()
    let ada = try await world.enrol("ada", [.admin, .editor], name: "Ada")
    let edda = try await world.enrol("edda", [.editor], name: "Edda")
    _ = try await ada.sync()
    _ = try ada.importBatch(Content.file(), media: [:], submits: true)
    let taken = try #require(try ada.outbox.unanswered().first?.mutation.mutationID)
    _ = try await ada.sync()
    _ = try await edda.sync()
    let post = try #require(try edda.list(SubjectQuery()).first)
    _ = try edda.comment(post: post.post, text: "Mine")
    let own = try #require(try edda.outbox.unanswered().first?.mutation)
    let stolen = QueuedMutation(
      mutationID: taken, lane: own.lane, body: own.body, parts: own.parts, clock: own.clock, queuedMilliseconds: 1)
    _ = try edda.outbox.append([stolen])
    let report = try await edda.sync()
    #expect(report.refused == 1)
    #expect(try edda.outcomes(refusedOnly: true, limit: 5).map(\.code) == ["id_reused"])
    _ = try await ada.sync()
    let audit = try await ada.auditFull()
    #expect(audit.problems == [])
    #expect(audit.entriesChecked == Int(audit.size))
  }
}
