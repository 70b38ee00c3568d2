// How many files the server may have open: what it sets for itself, and what it uses them for.
import Foundation
import ProcessHarness
import Testing
import TransportWebSocket

@testable import countersignd

@Suite(.timeLimit(.minutes(5))) struct FileBudgetTests {
  @Test(
    arguments: [(512, 512), (65_536, 65_536), (524_288, 65_536), (1_073_741_816, 65_536), (.max, 65_536)] as [(UInt64, UInt64)])
  func `the limit is as high as it may be, and no higher than is of use`(hard: UInt64, expected: UInt64) {
    #expect(FileBudget.limit(hard: hard) == expected)
  }

  @Test(arguments: [(256, 128, 16, 5), (1_024, 512, 64, 33), (20_000, 10_000, 1_024, 744), (65_536, 20_000, 1_024, 3_705)])
  func `sockets and tenants together fit into the limit`(limit: Int, connections: Int, lingering: Int, tenants: Int) {
    let budget = FileBudget(limit: limit)
    var configuration = WebSocketServerConfiguration()
    budget.bound(&configuration)
    #expect(configuration.maximumConnections == connections && configuration.linger.sockets == lingering)
    #expect(configuration.maximumConnectionsPerNetwork == connections / 4)
    #expect(budget.tenants(beside: configuration) == tenants)
    let used = connections + lingering + tenants * FileBudget.filesATenant + FileBudget.filesOfTheProcess
    #expect(used <= limit)
  }

  @Test func `a limit that is far too low still leaves a little of each`() {
    let budget = FileBudget(limit: 20)
    var configuration = WebSocketServerConfiguration()
    budget.bound(&configuration)
    #expect(configuration.maximumConnections == 16 && configuration.linger.sockets == 1)
    #expect(configuration.maximumConnectionsPerNetwork == 8)
    #expect(budget.tenants(beside: configuration) == 1)
  }

  @Test(arguments: ["ulimit -S -n 256", "ulimit -S -n hard"])
  func `the running server has the limit that it wants`(before: String) async throws {
    let scratch = try Scratch()
    let data = try await Practice.newServer(in: scratch)
    let ready = scratch.path + "/ready"
    let server = try RunningProgram(
      path: "/bin/sh",
      arguments: [
        "-c", before.replacing("hard", with: "$(ulimit -H -n)") + #" && exec "$0" "$@""#, Program.countersignd.path, "serve",
        "--data", data, "--ready-file", ready, "--listen", "127.0.0.1:0", "--plain-text",
      ], environment: [:], scratch: scratch)
    defer { server.killAtOnce() }
    try await FileWatch.wait(for: ready, limitSeconds: 120, unless: { server.hasEnded }) { server.errors }
    let limits = try String(contentsOfFile: "/proc/\(server.identifier)/limits", encoding: .utf8)
    let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max open files") })
    let fields = line.split(separator: " ")
    let hard = UInt64(fields[4]) ?? .max
    #expect(fields[3] == "\(FileBudget.limit(hard: hard))", "\(line)")
  }
}
