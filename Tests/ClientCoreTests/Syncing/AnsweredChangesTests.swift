// What commands tell of changes that were made: undoing what was sent, the log of what was taken back, the revision that
// came of an edit, and edits that the importer would refuse.
import ReviewModel
import Testing

@testable import ClientCore

struct AnsweredChangesTests {
  private func reviewed() async throws -> (editor: Profile, reviewer: Profile) {
    let world = try World()
    let editor = try await world.enrol("editor", [.admin, .editor], name: "Ada")
    let reviewer = try await world.enrol("reviewer", [.reviewer], name: "Rita")
    _ = try await world.enrol("delegate", [.reviewer], name: "Rolf")
    _ = try await editor.sync()
    _ = try editor.importBatch(Content.file(), media: [:], submits: true)
    _ = try await editor.sync()
    _ = try await reviewer.sync()
    return (editor, reviewer)
  }

  @Test func `undo says of what was sent what to do instead, newest first`() async throws {
    let (_, reviewer) = try await reviewed()
    #expect(try reviewer.undo() == UndoReport(undone: [], tooLate: []))
    let post = try #require(try reviewer.list(SubjectQuery()).first)
    let decided = try reviewer.decide("approve", targets: [(post: post.post, revision: post.revision)], reason: nil)
    _ = try await reviewer.sync()
    let first = try reviewer.undo()
    #expect(first.undone.isEmpty && first.tooLate.map(\.what) == ["approve of 1 post"])
    #expect(first.tooLate.map(\.mutations) == [decided.mutations])
    _ = try reviewer.withdrawDecision(post: post.post)
    _ = try await reviewer.sync()
    let both = try reviewer.undo(count: 5)
    #expect(both.tooLate.map(\.what) == ["retract of 1 post", "approve of 1 post"])
    #expect(both.tooLate.allSatisfy { !$0.instead.isEmpty && $0.posts == [post.post] && $0.text == post.text })
    // What was never sent comes first, and one is one.
    _ = try reviewer.comment(post: post.post, text: "Why?")
    let unsent = try reviewer.undo()
    #expect(unsent.undone.map(\.what) == ["comment of 1 post"] && unsent.tooLate.isEmpty)
  }

  @Test func `the log marks what was taken back, and tells of delegations and ended conversations`() async throws {
    let (_, reviewer) = try await reviewed()
    let post = try #require(try reviewer.list(SubjectQuery()).first)
    let target = (post: post.post, revision: post.revision)
    _ = try reviewer.decide("hold", targets: [target], reason: "Later")
    _ = try reviewer.decide("approve", targets: [target], reason: nil)
    _ = try reviewer.withdrawDecision(post: post.post)
    _ = try reviewer.comment(post: post.post, text: "Why?")
    let thread = try #require(try reviewer.show(post.post).comments.first?.thread)
    _ = try reviewer.resolveThread(thread: thread)
    _ = try reviewer.delegate(posts: [post.post], to: "Rolf")
    _ = try await reviewer.sync()
    let log = try reviewer.history(post.post)
    #expect(log.map(\.action).contains("hold (replaced)"))
    #expect(log.map(\.action).contains("approve (withdrawn)") && !log.map(\.action).contains("approve"))
    let timeless = log.filter(\.at.isEmpty)
    #expect(timeless.map(\.action) == ["delegated", "resolved"])
    #expect(timeless.map(\.detail) == ["to Rolf", "Why?"])
    #expect(timeless.map(\.member) == ["Rita", "Rita"])
  }

  @Test func `a new revision is answered with its own digest, and its text is whole in the log`() async throws {
    let (editor, _) = try await reviewed()
    let post = try #require(try editor.list(SubjectQuery()).first)
    let text = String(repeating: "Wash your hands. ", count: 12)
    let report = try editor.revise(post: post.post, edit: RevisionEdit(text: text))
    let current = try editor.resolve(post.post).current
    #expect(current != post.revision)
    #expect(report.results.map(\.revision) == [current])
    _ = try await editor.sync()
    #expect(try await editor.waitUntilAnswered(report.mutations, withinMilliseconds: 20).map(\.revision) == [current])
    #expect(try editor.history(post.post).first { $0.action == "revised" }?.detail == text)
    // What was seen is still told among the outcomes.
    let outcome = try editor.outcomes(refusedOnly: false, limit: 1).first
    #expect(outcome?.original.revision == post.revision)
  }

  @Test func `an edit is refused where the importer refuses, and hashtags are taken apart`() async throws {
    let (editor, _) = try await reviewed()
    let post = try #require(try editor.list(SubjectQuery()).first { $0.platform == "bluesky" })
    let edits = [
      RevisionEdit(link: "notalink"), RevisionEdit(text: String(repeating: "a", count: 301)),
      RevisionEdit(altText: String(repeating: "a", count: 8_001)), RevisionEdit(hashtags: (0..<61).map { "tag\($0)" }),
      RevisionEdit(text: ""), RevisionEdit(text: " \n"), RevisionEdit(title: "A post has none"),
    ]
    for edit in edits {
      #expect(throws: ClientError(.badInput, "")) { try editor.revise(post: post.post, edit: edit) }
      #expect(throws: ClientError(.badInput, "")) { try editor.merge(post: post.post, edit: edit) }
    }
    #expect(try editor.status().unsent == 0)
    _ = try editor.revise(
      post: post.post, edit: RevisionEdit(hashtags: ["#sleep ##rest,calm"], link: "https://example.org/sleep"))
    let head = try #require(try editor.show(post.post).heads.first)
    #expect(head.hashtags == ["sleep", "rest", "calm"])
    _ = try editor.revise(post: post.post, edit: RevisionEdit(hashtags: [""], link: ""))
    let cleared = try #require(try editor.show(post.post).heads.first)
    #expect(cleared.hashtags.isEmpty && cleared.link.isEmpty)
  }
}
