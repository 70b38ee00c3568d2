// What an editor is given to write on: the text of the very revision that the new one is made from.
import ReviewModel
import Testing

@testable import ClientCore

struct RevisingTests {
  @Test func `the text in the editor is that of the revision that the new one is made from`() async throws {
    let world = try World()
    let editor = try await world.submitted().editor
    let post = try #require(try editor.list(SubjectQuery(platform: "linkedin")).first)
    _ = try editor.revise(post: post.post, edit: RevisionEdit(text: "A draft."), isDraft: true)
    let draft = try editor.revisionToRevise(post: post.post, isDraft: true)
    #expect(draft.text == "A draft." && draft.isDraft)
    #expect(try editor.revisionToRevise(post: post.post).digest == post.revision, "the draft is not asked for")
    _ = try editor.revise(post: post.post, edit: RevisionEdit(text: "The second text."))
    #expect(try editor.revisionToRevise(post: post.post).text == "The second text.")
    #expect(try editor.revisionToRevise(post: post.post, base: post.revision).text == post.text)
  }

  @Test func `nothing is given to write on where nothing can be made of it`() async throws {
    let world = try World()
    let editor = try await world.submitted().editor
    let post = try #require(try editor.list(SubjectQuery(platform: "linkedin")).first).post
    let strange = String(repeating: "0", count: 64)
    #expect(throws: ClientError(.notFound, "")) { try editor.revisionToRevise(post: post, base: strange) }
    _ = try editor.withdraw(posts: [post], reason: nil)
    #expect(throws: ClientError(.rejected, "")) { try editor.revisionToRevise(post: post) }
  }

  @Test func `the versions of a conflict are those that a merge ends, of a draft its own`() async throws {
    let world = try World()
    let editor = try await world.submitted().editor
    let other = try await world.enrol("other", [.editor], name: "Emil")
    _ = try await other.sync()
    let post = try #require(try editor.list(SubjectQuery(platform: "linkedin")).first).post
    #expect(try editor.versions(toMerge: post).isEmpty)
    let texts = ["One says this alone.", "Another writes something else."]
    _ = try editor.revise(post: post, edit: RevisionEdit(text: texts[0]), isDraft: true)
    _ = try other.revise(post: post, edit: RevisionEdit(text: texts[1]), isDraft: true)
    for profile in [editor, other, editor] { _ = try await profile.sync() }
    let versions = try editor.versions(toMerge: post)
    #expect(Set(versions.map(\.text)) == Set(texts) && versions.count == 2)
    let edit = RevisionEdit(text: "Both say this in the end.")
    #expect(throws: ClientError(.rejected, "")) {
      try editor.merge(post: post, edit: edit, of: versions.dropLast().map(\.digest))
    }
    let report = try editor.merge(post: post, edit: edit, of: versions.map(\.digest).reversed())
    #expect(report.mutations.count == 1)
    #expect(try editor.versions(toMerge: post).map(\.text) == ["Both say this in the end."])
  }
}
