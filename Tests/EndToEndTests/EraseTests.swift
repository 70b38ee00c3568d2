// Erasing with real processes and real files: afterwards the words are in no file of the server and of no laptop.
import Foundation
import ProcessHarness
import Testing

@Suite(.serialized) struct EraseTests {
  /// Words that occur nowhere else.
  private static let text = "Frau Zinnoberrot takes it twice a day."
  private static let earlier = "Frau Zinnoberrot takes it once a day."
  private static let comment = "Is Frau Zinnoberrot asked?"
  private static let verdict = "Frau Zinnoberrot must not be named."
  private static let mark = "Zinnoberrot"

  @Test func `erased words are in no file, and everything still verifies`() async throws {
    let practice = try await Practice()
    let admin = try await practice.enrol("Ada", role: "admin")
    let editor = try await practice.enrol("Edda", role: "editor")
    let reviewer = try await practice.enrol("Rosa", role: "reviewer")
    let everybody = [admin, editor, reviewer]
    let file = practice.scratch.path + "/posts.json"
    let posts = #"[{"platform": "mastodon", "text": "\#(Self.earlier)"}]"#
    let batch =
      #"{"campaign": "Spring", "items": [{"theme": "\#(Self.mark)", "canonical": "\#(Self.earlier)", "posts": \#(posts)}]}"#
    try Data(batch.utf8).write(to: URL(fileURLWithPath: file))
    try await run(editor, ["import", file, "--submit", "--wait"])
    _ = try await reviewer.json(["sync"])
    let post = try #require(try await reviewer.json(["queue"]).array.first?["post"]?.string)
    try await run(editor, ["revise", post, "--text", Self.text, "--wait"])
    try await run(reviewer, ["comment", post, Self.comment, "--wait"])
    let reference = try #require(try await reviewer.json(["queue"]).array.first?.reference)
    try await run(reviewer, ["reject", reference, "--reason", Self.verdict, "--wait"])
    for laptop in everybody { _ = try await laptop.json(["sync"]) }

    let early = try await admin.run(["erase", post, "--reason", "Names a patient.", "--yes", "--wait"])
    #expect(early.exitCode != 0 && early.errors.contains("withdraw"), "a post that is current is not erased: \(early.errors)")
    try await run(admin, ["withdraw", post, "--reason", "Names a patient.", "--wait"])
    try await run(admin, ["erase", post, "--reason", "Names a patient.", "--yes", "--wait"])
    for laptop in everybody { _ = try await laptop.json(["sync"]) }

    let page = try await reviewer.run(["show", post])
    #expect(page.output.contains("erased") && !page.output.contains(Self.mark))
    #expect(try await Convergence.findings(everybody, practice) == [])
    let audit = try await admin.json(["audit", "verify", "--full"])
    #expect(audit["ok"]?.bool == true && audit["erased"]?.int != 0)
    _ = try await practice.stopServer()
    for folder in [practice.data] + everybody.map(\.home) { #expect(try Self.files(in: folder, holding: Self.mark) == []) }
  }

  private func run(_ laptop: Laptop, _ arguments: [String]) async throws {
    let done = try await laptop.run(arguments)
    try #require(done.exitCode == 0, "\(arguments): \(done.errors)")
  }

  /// The files below a folder in whose bytes a word occurs.
  private static func files(in folder: String, holding word: String) throws -> [String] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
    #expect(names.contains { $0.hasSuffix(".sqlite") })
    return try names.filter { name in
      let path = folder + "/" + name
      let kind = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
      guard kind == .typeRegular else { return false }
      return try Data(contentsOf: URL(fileURLWithPath: path)).range(of: Data(word.utf8)) != nil
    }
  }
}
