// What a device tells of a post of which two versions stand side by side.
import ReviewModel
import Testing

@testable import ClientCore

struct ConflictTests {
  @Test func `every version is compared, and a decision on what was before waits for the merge`() async throws {
    let world = try World()
    let editor = try await world.enrol("editor", [.admin, .editor], name: "Ada")
    let other = try await world.enrol("other", [.editor], name: "Emil")
    let reviewer = try await world.enrol("reviewer", [.reviewer], name: "Rita")
    _ = try await editor.sync()
    _ = try editor.importBatch(Content.file(items: 1), media: [:], submits: true)
    for profile in [editor, other, reviewer] { _ = try await profile.sync() }
    let post = try #require(try reviewer.list(SubjectQuery(platform: "linkedin")).first)
    _ = try reviewer.decide("approve", targets: [(post: post.post, revision: post.revision)], reason: nil)
    _ = try editor.revise(post: post.post, edit: RevisionEdit(text: "One says this alone."))
    _ = try other.revise(post: post.post, edit: RevisionEdit(text: "Another writes something else."))
    for profile in [editor, other, reviewer, reviewer] { _ = try await profile.sync() }

    let diff = try reviewer.diff(post.post)
    let versions = [diff] + diff.others
    let heads = try reviewer.show(post.post, markRead: false).heads.map(\.digest)
    #expect(heads.count == 2 && versions.map(\.to) == heads)
    #expect(versions.map(\.from) == [post.revision, post.revision])
    #expect(try reviewer.diff(post.post, to: heads[1]).others.isEmpty)
    let outcome = try #require(try reviewer.outcomes(refusedOnly: true, limit: 5).first)
    #expect(outcome.code == "stale_revision" && outcome.remedy.contains("merge"))
    #expect(outcome.diff?.to == heads[0] && outcome.diff?.others.map(\.to) == [heads[1]])
    #expect(outcome.currentState == "conflicted")

    // What was there when the server answered is not what is there now.
    _ = try await editor.sync()
    let merged = RevisionEdit(text: "Both say this in the end.")
    _ = try editor.merge(post: post.post, edit: merged)
    for profile in [editor, reviewer] { _ = try await profile.sync() }
    let head = try #require(try reviewer.show(post.post, markRead: false).heads.first?.digest)
    let ended = try #require(try reviewer.outcomes(refusedOnly: true, limit: 5).first)
    #expect(ended.current == head && ended.diff?.to == head && ended.diff?.others == [] && ended.currentState.isEmpty)
    _ = try editor.withdraw(posts: [post.post], reason: nil)
    for profile in [editor, reviewer] { _ = try await profile.sync() }
    #expect(try reviewer.outcomes(refusedOnly: true, limit: 5).first?.currentState == "withdrawn")
  }

  @Test func `what was read is what the page showed, not what has come in since`() async throws {
    let world = try World()
    let people = try await world.submitted()
    let post = try #require(try people.reviewer.list(SubjectQuery(platform: "linkedin")).first).post
    let page = try people.reviewer.show(post, markRead: false)
    for text in ["The second text.", "The third text."] {
      _ = try people.editor.revise(post: post, edit: RevisionEdit(text: text))
      _ = try await people.editor.sync()
    }
    _ = try await people.reviewer.sync()
    try people.reviewer.noteRead(page)
    #expect(try people.reviewer.diff(post).from == page.summary.revision)
    _ = try people.reviewer.show(post)
    #expect(try people.reviewer.diff(post).from != page.summary.revision, "the newest was read")
  }
}
