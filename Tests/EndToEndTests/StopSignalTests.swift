// The signals that end a server, and the one that need not.
import Foundation
import OutboundHTTP
import ProcessHarness
import Testing

@Suite(.timeLimit(.minutes(5))) struct StopSignalTests {
  private static let patienceSeconds = 120

  private let scratch: Scratch
  private let ready: String
  private let data: String

  init() async throws {
    scratch = try Scratch()
    ready = scratch.path + "/ready"
    data = try await Practice.newServer(in: scratch)
  }

  /// A server that serves, begun by a line of the shell.
  private func serving(_ script: String) async throws -> RunningProgram {
    if FileManager.default.fileExists(atPath: ready) { try FileManager.default.removeItem(atPath: ready) }
    let arguments = [
      "serve", "--data", data, "--ready-file", ready, "--listen", "127.0.0.1:0", "--plain-text", "--log-level", "warning",
    ]
    let server = try RunningProgram(
      path: "/bin/sh", arguments: ["-c", script, Program.countersignd.path] + arguments, environment: [:], scratch: scratch)
    try await FileWatch.wait(for: ready, limitSeconds: Self.patienceSeconds, unless: { server.hasEnded }) { server.errors }
    return server
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP]) func `ends it in order`(signal: Int32) async throws {
    let server = try await serving(#"exec "$0" "$@""#)
    defer { server.killAtOnce() }
    server.send(signal)
    let finished = try await server.finish(limitSeconds: Self.patienceSeconds)
    #expect(finished.exitCode == 0 && !finished.wasKilled, "\(finished.errors)")
    // The next start would say so of a run that was not ended in order.
    let next = try await serving(#"exec "$0" "$@""#)
    defer { next.killAtOnce() }
    next.send(SIGTERM)
    #expect(try await !next.finish(limitSeconds: Self.patienceSeconds).errors.contains("did not end in order"))
  }

  @Test func `a terminal that closes does not end a server that ignores it`() async throws {
    let server = try await serving(#"trap '' HUP; exec "$0" "$@""#)
    defer { server.killAtOnce() }
    let url = try String(contentsOfFile: ready, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    server.send(SIGHUP)
    let health = HTTPClientRequest(url: "http" + url.dropFirst(2) + "/healthz")
    #expect(try await HTTPClient().send(health).status == 200)
    server.send(SIGTERM)
    #expect(try await server.finish(limitSeconds: Self.patienceSeconds).exitCode == 0)
  }
}
