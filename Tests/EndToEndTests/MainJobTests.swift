// The main job with real processes, real TLS and real files: approve offline, sync, and the server holds the truth.
import Foundation
import ProcessHarness
import Testing

@Suite(.serialized) struct MainJobTests {
  @Test func `a batch is decided offline, synced, and every device ends up equal to the server`() async throws {
    let practice = try await Practice()
    _ = try await practice.enrol("Ada", role: "admin")
    let editor = try await practice.enrol("Edda", role: "editor")
    let reviewers = [try await practice.enrol("Rosa", role: "reviewer"), try await practice.enrol("Ruth", role: "reviewer")]
    let file = try Batch.write(posts: 12, in: practice.scratch)
    let imported = try await editor.run(["import", file, "--submit", "--json", "--wait"])
    #expect(imported.exitCode == 0, "\(imported.errors)")
    for reviewer in reviewers { _ = try await reviewer.json(["sync"]) }
    let queue = try await reviewers[0].json(["queue"]).array
    #expect(queue.count == 12)

    try await practice.killServer()
    let targets = try queue.prefix(6).map { try #require($0.reference) }
    let approved = try await reviewers[0].run(["approve", "--offline"] + targets)
    #expect(approved.exitCode == 0, "\(approved.errors)")
    let rejected = try await reviewers[1].run(
      ["reject", try #require(queue[6].reference), "--reason", "The dose is wrong.", "--offline"])
    #expect(rejected.exitCode == 0, "\(rejected.errors)")

    try await practice.serve()
    for reviewer in reviewers {
      let report = try await reviewer.json(["sync"])
      #expect(report["unsent"]?.int == 0)
      #expect(report["digest"]?.string == "match")
    }
    let states = try await Self.states(of: reviewers[1], after: ["sync"])
    #expect(states["approved"] == 6)
    #expect(states["rejected"] == 1)
    #expect(states["in_review"] == 5)
    #expect(try await Convergence.findings(reviewers + [editor], practice) == [])
  }

  @Test func `a decision on a revision that was replaced meanwhile is refused with its diff`() async throws {
    let practice = try await Practice()
    let editor = try await practice.enrol("Edda", role: "editor")
    let reviewer = try await practice.enrol("Rosa", role: "reviewer")
    let file = try Batch.write(posts: 2, in: practice.scratch)
    _ = try await editor.json(["import", file, "--submit", "--wait"])
    _ = try await reviewer.json(["sync"])
    let queue = try await reviewer.json(["queue"]).array
    let post = try #require(queue.first?["post"]?.string)
    let reference = try #require(queue.first?.reference)

    let revised = try await editor.run(["revise", post, "--text", "Rewritten from the first word to the last.", "--wait"])
    #expect(revised.exitCode == 0, "\(revised.errors)")
    let approved = try await reviewer.run(["approve", reference, "--offline"])
    #expect(approved.exitCode == 0, "nothing is known of the new revision yet: \(approved.errors)")
    let report = try await reviewer.json(["sync"])
    #expect(report["refused"]?.int == 1)

    let outcome = try #require(try await reviewer.json(["outcomes"]).array.first)
    #expect(outcome["code"]?.string == "stale_revision")
    #expect(outcome["reason"]?.string?.isEmpty == false)
    #expect(outcome["diff"]?["fields"]?.array.isEmpty == false)
    #expect(outcome["original"]?["revision"]?.string == queue.first?["revision"]?.string)
    #expect(outcome["current"]?.string != queue.first?["revision"]?.string)
    let states = try await Self.states(of: reviewer, after: ["status"])
    #expect(states["approved"] == nil)

    let again = try await reviewer.run(["approve", reference, "--offline"])
    #expect(again.exitCode == 6, "the newer revision is known now: \(again.errors)")
    #expect(try await Convergence.findings([editor, reviewer], practice) == [])
  }

  @Test func `a cache that is deleted is fetched again and the outbox is untouched`() async throws {
    let practice = try await Practice()
    let editor = try await practice.enrol("Edda", role: "editor")
    let reviewer = try await practice.enrol("Rosa", role: "reviewer")
    _ = try await editor.json(["import", try Batch.write(posts: 3, in: practice.scratch), "--submit", "--wait"])
    _ = try await reviewer.json(["sync"])
    let first = try #require(try await reviewer.json(["queue"]).array.first?.reference)
    #expect(try await reviewer.run(["approve", first, "--offline"]).exitCode == 0)

    let caches = try #require(FileManager.default.enumerator(atPath: reviewer.home))
      .compactMap { $0 as? String }.filter { $0.contains("cache.sqlite") }
    #expect(!caches.isEmpty)
    for cache in caches { try FileManager.default.removeItem(atPath: reviewer.home + "/" + cache) }

    let report = try await reviewer.json(["sync"])
    #expect(report["sent"]?.int == 1)
    #expect(report["unsent"]?.int == 0)
    #expect(try await Self.states(of: reviewer, after: ["status"])["approved"] == 1)
    #expect(try await Convergence.findings([reviewer, editor], practice) == [])
  }

  @Test func `the server stops cleanly when it is told to`() async throws {
    let practice = try await Practice()
    let reviewer = try await practice.enrol("Rosa", role: "reviewer")
    let watching = try reviewer.start(["watch", "--json"])
    let stopped = try await practice.stopServer()
    #expect(stopped.exitCode == 0 && !stopped.wasKilled, "\(stopped.errors)")
    watching.killAtOnce()
    _ = try await watching.finish(limitSeconds: 120)
    try await practice.serve()
    #expect(try await reviewer.json(["sync"])["unsent"]?.int == 0)
  }

  /// How many posts are in each state, on this device.
  private static func states(of laptop: Laptop, after command: [String]) async throws -> [String: Int] {
    _ = try await laptop.json(command)
    return try await laptop.json(["queue", "--all"]).array
      .reduce(into: [:]) { $0[$1["state"]?.string ?? "?", default: 0] += 1 }
  }
}
