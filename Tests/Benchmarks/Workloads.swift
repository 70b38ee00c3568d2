// The workloads: a server, an editor with a large batch, a reviewer with a full queue; then commands, timed as processes.
import Foundation
import ProcessHarness

enum Workloads {
  static func measure(posts: Int, into table: inout Table) async throws {
    let practice = try await Practice()
    let editor = try await practice.enrol("Edda", role: "editor")
    let reviewer = try await practice.enrol("Rosa", role: "reviewer")
    let file = try Batch.write(posts: posts, in: practice.scratch)
    let imported = try await rate(of: posts) {
      _ = try await editor.json(["import", file, "--submit", "--wait=300"], limitSeconds: 600)
    }
    table.add("import of \(posts) posts, to the answer", [imported], unit: "posts/s")
    let caught = try await rate(of: posts) { _ = try await reviewer.json(["sync"], limitSeconds: 600) }
    table.add("first sync of \(posts) posts", [caught], unit: "posts/s")
    let lines = try await reviewer.json(["queue"]).array
    guard lines.count == posts else { throw HarnessError("the queue has \(lines.count) posts, not \(posts)") }
    try commands(of: reviewer, lines, into: &table)
    try await approvals(of: reviewer, lines, into: &table)
    _ = try await practice.stopServer()
  }

  private static func commands(of reviewer: Laptop, _ lines: [JSONValue], into table: inout Table) throws {
    func time(_ arguments: [String]) throws -> Double {
      try MeasuredProcess.milliseconds(
        path: Program.countersign.path, arguments: arguments,
        environment: ["COUNTERSIGN_HOME": reviewer.home, "NO_COLOR": "1", "PATH": "/usr/bin:/bin"])
    }
    table.add(
      "cold start: countersign --version", try (0..<30).map { _ in try time(["--version"]) }, unit: "ms",
      against: Limits.spawn, aim: 15)
    table.add(
      "countersign queue, \(lines.count) posts", try (0..<20).map { _ in try time(["queue"]) }, unit: "ms",
      against: Limits.spawn, aim: 60)
    table.add(
      "countersign queue --json", try (0..<20).map { _ in try time(["queue", "--json"]) }, unit: "ms",
      against: Limits.spawn)
    let targets = lines.prefix(20).compactMap(\.reference)
    table.add(
      "countersign approve --offline", try targets.map { try time(["approve", $0, "--offline"]) }, unit: "ms",
      against: Limits.spawn, aim: 25)
    table.add("countersign status", try (0..<20).map { _ in try time(["status"]) }, unit: "ms", against: Limits.spawn)
  }

  /// Many approvals made offline, then one sync: how fast the outbox empties.
  private static func approvals(of reviewer: Laptop, _ lines: [JSONValue], into table: inout Table) async throws {
    let targets = lines.dropFirst(20).prefix(1_000).compactMap(\.reference)
    let queued = try await rate(of: targets.count) {
      let finished = try await reviewer.run(["approve", "-", "--offline"], input: targets.joined(separator: "\n"))
      guard finished.exitCode == 0 else { throw HarnessError("approve: \(finished.errors)") }
    }
    table.add("approve - (\(targets.count) at once), offline", [queued], unit: "posts/s")
    let sent = try await rate(of: targets.count) { _ = try await reviewer.json(["sync"]) }
    table.add("sync of these approvals", [sent], unit: "posts/s")
  }

  private static func rate(of count: Int, _ work: () async throws -> Void) async rethrows -> Double {
    let start = ContinuousClock.now
    try await work()
    let elapsed = ContinuousClock.now - start
    return Double(count) / (Double(elapsed.components.attoseconds) / 1e18 + Double(elapsed.components.seconds))
  }
}
