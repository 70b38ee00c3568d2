// What the program tells people to do works when they do it; what it tells about the server is true.
import Foundation
import ProcessHarness
import Testing

@Suite(.serialized) struct GuidanceTests {
  private func words(_ line: String) -> [String] {
    // Nothing in these lines holds a quote of its own.
    line.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap { index, piece in
      index.isMultiple(of: 2) ? piece.split(separator: " ").map(String.init) : [String(piece)]
    }
  }

  private func typed(_ line: String, by laptop: Laptop) async throws -> Finished {
    let words = words(line)
    #expect(words.first == "countersign")
    return try await laptop.run(Array(words.dropFirst()))
  }

  @Test func `lines to type are accepted, and a conflicted post has none`() async throws {
    let practice = try await Practice()
    let edda = try await practice.enrol("Edda", role: "editor")
    let emil = try await practice.enrol("Emil", role: "editor")
    let rosa = try await practice.enrol("Rosa", role: "reviewer")
    _ = try await edda.json(["import", try Batch.write(posts: 4, in: practice.scratch), "--submit", "--wait"])
    _ = try await emil.json(["sync"])
    let posts = try await edda.json(["queue", "--all"]).array.compactMap { $0["post"]?.string }
    #expect(posts.count == 4)
    for (editor, text) in [(edda, "One says this alone."), (emil, "Another writes something else.")] {
      #expect(try await editor.run(["revise", posts[0], "--text", text, "--offline"]).exitCode == 0)
    }
    for editor in [edda, emil] { _ = try await editor.json(["sync"]) }
    let told = try await edda.run(["sync"])
    #expect(told.exitCode == 0 && told.errors.contains("countersign merge \(posts[0].prefix(8))"), "\(told.errors)")
    #expect(try await !rosa.run(["sync"]).errors.contains("conflicted"), "who cannot merge is not told to")

    let conflicted = try await rosa.run(["approve", posts[0]])
    #expect(conflicted.exitCode == 8 && conflicted.output.contains("conflicted"), "\(conflicted.output) \(conflicted.errors)")
    #expect(!(conflicted.output + conflicted.errors).contains("countersign approve"))

    let merging = try await edda.run(["merge", posts[0]])
    let lines = merging.errors.split(separator: "\n").filter { $0.contains("countersign merge") && $0.contains("--take") }
    #expect(merging.exitCode == 64 && lines.count == 2, "\(merging.errors)")

    let rejected = try await rosa.run(["reject", posts[1], "--reason", "far too long", "--offline"])
    #expect(rejected.exitCode == 64)
    let line = try #require(rejected.errors.split(separator: "\n").first { $0.contains("countersign reject") })
    let again = try await typed(line.trimmingCharacters(in: .whitespaces), by: rosa)
    #expect(again.exitCode == 0, "\(line): \(again.output) \(again.errors)")

    let shown = try await rosa.run(["show", posts[2], "--profile", "default"])
    let hint = try #require(shown.output.split(separator: "\n").first { $0.contains("countersign approve") })
    let approved = try await typed(hint.trimmingCharacters(in: .whitespaces), by: rosa)
    #expect(approved.exitCode == 0, "\(hint): \(approved.output) \(approved.errors)")
    _ = try await edda.json(["sync"])
    let revised = try await edda.run(["revise", posts[2], "--text", "Once more.", "--offline"])
    #expect(revised.exitCode == 0 && revised.errors.contains("Its approval is gone"), "\(revised.errors)")
    let fresh = try await edda.run(["revise", posts[3], "--text", "Never approved.", "--offline"])
    #expect(fresh.exitCode == 0 && !fresh.errors.contains("approval"), "\(fresh.errors)")
    #expect(try await rosa.json(["status"])["refused"]?.int == 0)
  }

  @Test func `an enrolment that failed is repeated with the same code, or gives way to another`() async throws {
    let practice = try await Practice()
    let laptop = try await practice.enrol("Edda", role: "editor")
    let code = try await practice.invite("Emil", role: "editor")
    #expect(try await laptop.run(["profiles", "remove", "default", "--yes"]).exitCode == 0)
    try await practice.killServer()
    #expect(try await laptop.run(["enrol", code]).exitCode == 75)
    #expect(try await laptop.json(["profiles"]).array.compactMap { $0["state"]?.string } == ["unfinished"])
    try await practice.serve()
    let enrolled = try await laptop.run(["enrol", code])
    #expect(enrolled.exitCode == 0, "\(enrolled.errors)")
    let further = try await practice.invite("Erna", role: "editor")
    #expect(try await laptop.run(["enrol", further]).exitCode == 64)

    #expect(try await laptop.run(["profiles", "remove", "default", "--yes"]).exitCode == 0)
    let used = try await laptop.run(["enrol", code])
    #expect(used.exitCode == 4 && used.errors.split(separator: "invitation_used").count == 2, "said once: \(used.errors)")
    let anew = try await laptop.run(["enrol", further])
    #expect(anew.exitCode == 0, "\(anew.errors)")
    #expect(try await laptop.json(["status"])["member"]?.string == "Erna")
  }

  @Test func `before the first sync nothing looks as if there were none of it`() async throws {
    let practice = try await Practice()
    let rosa = try practice.laptop("Rosa")
    let code = try await practice.invite("Rosa", role: "reviewer")
    #expect(try await rosa.run(["enrol", code, "--no-sync"]).exitCode == 0)
    let reading = [
      ["queue"], ["review"], ["search", "hay"], ["members"], ["device", "list"], ["campaigns"], ["audit", "verify"],
      ["show", "1a2b3c4d"], ["log", "1a2b3c4d"], ["export", "--state", practice.scratch.path + "/out"], ["queue", "--json"],
    ]
    for command in reading + [["pause", "--offline"]] {
      let finished = try await rosa.run(command)
      #expect(finished.exitCode == 10 && finished.errors.contains("Nothing was fetched yet"), "\(command) \(finished.errors)")
      #expect(finished.output.isEmpty && !finished.errors.contains("invitation"), "\(command) \(finished.errors)")
    }
    _ = try await rosa.json(["sync"])
    for command in reading where !["show", "log"].contains(command[0]) {
      #expect(try await rosa.run(command).exitCode != 10, "\(command)")
    }
    #expect(try await rosa.run(["pause", "--offline"]).exitCode == 7)
  }

  @Test(arguments: ["identity", "outbox.sqlite"])
  func `what is damaged beyond repair has one way out, which every command names and which works`(file: String) async throws {
    let practice = try await Practice()
    let edda = try await practice.enrol("Edda", role: "editor")
    let code = try await practice.invite("Edda", role: "editor")
    for ending in ["-wal", "-shm"] {
      // Not there after every end.
      try? FileManager.default.removeItem(atPath: edda.home + "/default/" + file + ending)
    }
    try String(repeating: "no such file ", count: 999).write(
      toFile: edda.home + "/default/" + file, atomically: false, encoding: .utf8)
    for command in [["queue"], ["sync"], ["approve", "1a2b3c4d@89abcdef"], ["doctor"], ["status"]] {
      let finished = try await edda.run(command)
      let said = (finished.output + finished.errors).split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      #expect(finished.exitCode == 1 && said.contains("countersign profiles remove default --force"), "\(command) \(said)")
    }
    let taken = try await edda.run(["enrol", code])
    #expect(taken.exitCode != 0 && taken.errors.contains("countersign profiles remove default"), "\(taken.errors)")
    #expect(try await edda.run(["profiles", "remove", "default", "--force", "--yes"]).exitCode == 0)
    let anew = try await edda.run(["enrol", code])
    #expect(anew.exitCode == 0, "\(anew.errors)")
  }

  @Test func `a recipe whose list is empty does nothing, and does not fail`() async throws {
    let practice = try await Practice()
    let rosa = try await practice.enrol("Rosa", role: "reviewer")
    for command in [["approve", "-"], ["reject", "-", "--reason", "late"], ["delegate", "-", "--to", "Rosa"]] {
      let finished = try await rosa.run(command, input: "")
      #expect(finished.exitCode == 0 && finished.output.isEmpty, "\(command) \(finished.errors)")
    }
    #expect(try await rosa.run(["approve", "-", "--json"], input: "").json()["sync"]?.string == "nothing_to_send")
    let wrong = try await rosa.run(["approve", "-"], input: "\nnonsense\n")
    #expect(wrong.exitCode == 64 && wrong.errors.contains("Line 2 of standard input"), "\(wrong.errors)")
    #expect(try await rosa.json(["status"])["unsent"]?.int == 0)
  }

  @Test func `control-C says that what was saved will be sent, and nothing where nothing was saved`() async throws {
    let practice = try await Practice()
    let edda = try await practice.enrol("Edda", role: "editor")
    try await practice.killServer()
    let waiting = try Program.countersign.start(
      ["pause", "--wait=0"], environment: ["COUNTERSIGN_HOME": edda.home], scratch: practice.scratch)
    for _ in 0..<200 {
      if try await edda.json(["status"])["unsent"]?.int == 1 { break }
    }
    waiting.send(SIGINT)
    let interrupted = try await waiting.finish(limitSeconds: 120)
    #expect(interrupted.exitCode == 130, "\(interrupted.errors)")
    #expect(interrupted.errors.contains("Interrupted. What was decided stays saved and will be sent;"), "\(interrupted.errors)")
    #expect(try await edda.json(["status"])["unsent"]?.int == 1)
    #expect(try await edda.run(["undo"]).exitCode == 0)
    try await practice.serve()
    let watching = try Program.countersign.start(
      ["watch"], environment: ["COUNTERSIGN_HOME": edda.home], scratch: practice.scratch)
    for _ in 0..<200 {
      if try await edda.json(["status"])["connection"]?.string == "syncing" { break }
    }
    watching.send(SIGINT)
    let idle = try await watching.finish(limitSeconds: 120)
    #expect(idle.exitCode == 130 && !idle.errors.contains("Interrupted"), "\(idle.errors)")
  }

  @Test func `status tells that the server cannot be reached, in every later command`() async throws {
    let practice = try await Practice()
    let rosa = try await practice.enrol("Rosa", role: "reviewer")
    #expect(try await rosa.json(["status"])["connection"]?.string == "synced")
    try await practice.killServer()
    #expect(try await rosa.run(["sync"]).exitCode == 75)
    let told = try await rosa.json(["status"])
    #expect(told["connection"]?.string == "failing")
    #expect(told["failed_try_at"]?.string?.isEmpty == false)
    #expect(told["failed_try_reason"]?.string?.contains("cannot be reached") == true)
    #expect(told["next_try_at"]?.string == "")
    // The screen breaks its lines between words.
    let screen = try await rosa.run(["status"]).output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(screen.contains("nothing tries again by itself (countersign sync)"), "\(screen)")
    try await practice.serve()
    _ = try await rosa.json(["sync"])
    let after = try await rosa.json(["status"])
    #expect(after["connection"]?.string == "synced" && after["failed_try_at"]?.string == "")
  }
}
