// How the server tells whoever started it that it serves, and what it refuses to tell it through.
import Foundation
import ProcessHarness
import Testing

@Suite(.timeLimit(.minutes(1))) struct ReadyNoticeTests {
  private let scratch: Scratch
  private let data: String

  init() async throws {
    scratch = try Scratch()
    data = try await Practice.newServer(in: scratch)
  }

  private var serve: [String] { ["serve", "--data", data, "--listen", "127.0.0.1:0", "--plain-text"] }

  @Test(arguments: ["9", "200", "2", "-1", "nine"])
  func `a descriptor that nobody has handed over is refused before a file of the server's own can have its number`(
    number: String
  ) async throws {
    let finished = try await Program.countersignd.run(serve + ["--ready-fd=\(number)"], scratch: scratch)
    #expect(finished.exitCode == 78 && !finished.wasKilled, "\(finished.errors)")
    #expect(finished.errors.contains("--ready-fd takes the number"), "\(finished.errors)")
    #expect(!FileManager.default.fileExists(atPath: data + "/lock"), "nothing was opened")
  }

  @Test func `a descriptor that was handed over is told the address`() async throws {
    let told = try scratch.newFile()
    let server = try RunningProgram(
      path: "/bin/sh",
      arguments: ["-c", #"exec "$0" "$@" 9>"# + told, Program.countersignd.path] + serve + ["--ready-fd", "9"],
      environment: [:], scratch: scratch)
    defer { server.killAtOnce() }
    try await FileWatch.wait(for: told, limitSeconds: 30, unless: { server.hasEnded }) { server.errors }
    let url = try String(contentsOfFile: told, encoding: .utf8)
    #expect(url.hasPrefix("ws://127.0.0.1:") && url.hasSuffix("\n"), "\(url)")
    server.send(SIGTERM)
    #expect(try await server.finish(limitSeconds: 10).exitCode == 0)
  }

  @Test func `a service manager is told when the server serves, and when it stops`() async throws {
    let path = scratch.path + "/notify"
    let manager = try NotifySocket(path: path)
    let server = try Program.countersignd.start(serve, environment: ["NOTIFY_SOCKET": path], scratch: scratch)
    defer { server.killAtOnce() }
    let told = await manager.next()
    #expect(told.hasPrefix("READY=1\nSTATUS=Serving at ws://127.0.0.1:"), "\(told) \(server.errors)")
    server.send(SIGTERM)
    #expect(await manager.next() == "STOPPING=1")
    #expect(try await server.finish(limitSeconds: 10).exitCode == 0)
  }
}
