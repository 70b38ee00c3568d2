// Where the answer goes: a full disk, and a reader that has read enough.
import ProcessHarness
import Testing

@Suite struct OutputTests {
  /// Lets the shell redirect what the program writes; `$0` is the program.
  private func run(_ script: String, _ arguments: [String] = [], home: String, in scratch: Scratch) async throws -> Finished {
    try await RunningProgram(
      path: "/bin/sh", arguments: ["-c", script, Program.countersign.path] + arguments,
      environment: ["COUNTERSIGN_HOME": home], scratch: scratch
    ).finish(limitSeconds: 60)
  }

  @Test func `an answer that finds no room is a failure, and a recovery key is kept until it was read`() async throws {
    let practice = try await Practice()
    let ada = try practice.laptop("Ada")
    let code = try await practice.invite("Ada", role: "admin")
    let unread = try await run("\"$0\" enrol \"$1\" > /dev/full", [code], home: ada.home, in: practice.scratch)
    #expect(unread.exitCode == 1 && unread.errors.contains("No space left"), "\(unread.errors)")
    let key = try await ada.json(["enrol", code, "--no-sync"])["recovery_key"]?.string
    #expect(key?.count == 64)
    #expect(try await ada.json(["enrol", code, "--no-sync"])["recovery_key"]?.string == nil)
  }

  @Test func `an idle watch ends with its reader`() async throws {
    let practice = try await Practice()
    let rosa = try await practice.enrol("Rosa", role: "reviewer")
    let watched = try await run("\"$0\" watch --json | head -n 1", home: rosa.home, in: practice.scratch)
    #expect(watched.exitCode == 0 && watched.output.contains("\"event\""), "\(watched.output) \(watched.errors)")
  }
}
