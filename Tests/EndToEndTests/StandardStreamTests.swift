// A full disk under what the server's program says: its log and its answers.
import Foundation
import OutboundHTTP
import ProcessHarness
import Testing

@Suite(.timeLimit(.minutes(5))) struct StandardStreamTests {
  private let scratch: Scratch
  private let data: String

  init() async throws {
    scratch = try Scratch()
    data = try await Practice.newServer(in: scratch)
  }

  /// Starts the program with one of its streams going elsewhere; the shell becomes the program.
  private func start(_ arguments: [String], redirecting redirection: String) throws -> RunningProgram {
    let script = #"exec "$0" "$@" "# + redirection
    return try RunningProgram(
      path: "/bin/sh", arguments: ["-c", script, Program.countersignd.path] + arguments, environment: [:], scratch: scratch)
  }

  @Test func `a server whose log has no room serves, and stops in order`() async throws {
    let ready = scratch.path + "/ready"
    let server = try start(
      ["serve", "--data", data, "--ready-file", ready, "--listen", "127.0.0.1:0", "--plain-text"], redirecting: "2>/dev/full")
    defer { server.killAtOnce() }
    try await FileWatch.wait(for: ready, limitSeconds: 120, unless: { server.hasEnded }) { "nothing was logged" }
    let url = try String(contentsOfFile: ready, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    let answer = try await HTTPClient().send(
      HTTPClientRequest(
        method: "GET", url: "http" + url.dropFirst(2) + "/healthz", headers: [:], body: nil, verification: .reportCertificate))
    #expect(answer.status == 200)
    server.send(SIGTERM)
    let finished = try await server.finish(limitSeconds: 120)
    #expect(finished.exitCode == 0 && !finished.wasKilled)
  }

  @Test(arguments: [["tenant", "create", "North", "--json"], ["tenant", "create", "South"]])
  func `an answer that has no room is told, and fails`(command: [String]) async throws {
    let finished = try await start(command + ["--data", data], redirecting: ">/dev/full").finish(limitSeconds: 120)
    #expect(finished.exitCode == 1 && !finished.wasKilled, "\(finished.errors)")
    #expect(finished.errors.contains("could not be written to standard output"), "\(finished.errors)")
    let listed = try await Program.countersignd.run(["tenant", "list", "--data", data], scratch: scratch)
    #expect(listed.exitCode == 0 && listed.output.contains(command[2]), "it was made all the same")
  }

  @Test func `every command tells that its answer has no room, good news or bad`() async throws {
    let made = try await Program.countersignd.run(["tenant", "create", "North", "--data", data], scratch: scratch)
    #expect(made.exitCode == 0, "\(made.errors)")
    let invite = ["invite", "--tenant", "North", "--name", "Rosa", "--role", "admin", "--url", "wss://127.0.0.1:1"]
    let commands = [
      ["tenant", "list"], ["tenant", "list", "--json"], ["verify"], ["verify", "--json"], ["doctor"], ["doctor", "--json"],
      invite, invite + ["--json"], ["export", "--tenant", "North", "--state", scratch.path + "/state"],
    ]
    for command in commands { try await expectTold(command) }
    let tenants = data + "/tenants"
    for name in try FileManager.default.contentsOfDirectory(atPath: tenants) {
      try Data("no database".utf8).write(to: URL(fileURLWithPath: tenants + "/" + name))
    }
    for command in [["verify"], ["doctor"]] { try await expectTold(command) }
  }

  private func expectTold(_ command: [String]) async throws {
    let finished = try await start(command + ["--data", data], redirecting: ">/dev/full").finish(limitSeconds: 120)
    #expect(finished.exitCode == 1 && !finished.wasKilled, "\(command): \(finished.errors)")
    #expect(finished.errors.contains("could not be written to standard output"), "\(command): \(finished.errors)")
  }
}
