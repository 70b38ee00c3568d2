// The same posts twice are nearly always a mistake: after a time-out, or because two people have the same file open.
import ReviewModel
import Storage
import Testing

@testable import ClientCore

struct ImportedTwiceTests {
  @Test func `a batch is imported once from a device, unless it was undone or is meant`() async throws {
    let world = try World()
    let editor = try await world.enrol("editor", [.admin, .editor], name: "Ada")
    _ = try await editor.sync()
    let file = Content.file(items: 1)
    _ = try editor.importBatch(file, media: [:], submits: false)
    let queued = try editor.status().unsent
    #expect(throws: ClientError(.rejected, "")) { try editor.importBatch(file, media: [:], submits: true) }
    #expect(try editor.status().unsent == queued, "nothing of a refused import is queued")
    _ = try editor.undo()
    _ = try editor.importBatch(file, media: [:], submits: false)
    _ = try await editor.sync()
    #expect(throws: ClientError(.rejected, "")) { try editor.importBatch(file, media: [:], submits: false) }
    _ = try editor.importBatch(Content.file("Autumn", items: 1), media: [:], submits: false)
    _ = try editor.importBatch(Content.file(items: 2), media: [:], submits: false)
    #expect(try editor.list(SubjectQuery()).count == 8)
    _ = try editor.importBatch(file, media: [:], submits: false, again: true)
    #expect(try await editor.sync().refused == 0)
    #expect(try editor.list(SubjectQuery()).count == 10)
  }

  @Test func `a batch that the server refused may come again`() async throws {
    let world = try World()
    let editor = try await world.enrol("editor", [.admin, .editor], name: "Ada")
    _ = try await editor.sync()
    var batch = ImportBatch()
    batch.batch = editor.newID()
    batch.campaign = editor.newID()
    batch.stageCount = 1
    let refused = editor.queuedMutation(ChangeDraft(.importBatch(batch)), now: 1)
    _ = try editor.outbox.append([refused])
    let file = Content.file(items: 1)
    try editor.noteImported(file, by: refused.mutationID)
    #expect(throws: ClientError(.rejected, "")) { try editor.importBatch(file, media: [:], submits: false) }
    #expect(try await editor.sync().refused == 1)
    _ = try editor.importBatch(file, media: [:], submits: false)
    #expect(try editor.list(SubjectQuery()).count == 2)
  }
}
