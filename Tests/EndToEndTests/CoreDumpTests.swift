// Neither program leaves an image of its memory behind when it crashes.
import Foundation
import ProcessHarness
import Testing

@Suite(.serialized) struct CoreDumpTests {
  private static let attempts = 1_000

  /// The soft and the hard limit of a process, as the system tells them.
  private func coreLimits(of process: Int32) throws -> [Substring] {
    let text = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
    return Array((line ?? "").split(separator: " ").dropFirst(4).prefix(2))
  }

  @Test func `both programs forbid themselves core dumps`() async throws {
    let practice = try await Practice()
    let server = try #require(practice.serverProcess)
    #expect(try coreLimits(of: server) == ["0", "0"])
    let laptop = try await practice.enrol("Rosa", role: "reviewer")
    let watching = try laptop.start(["watch"])
    defer { watching.killAtOnce() }
    var limits: [Substring] = []
    // The process may not have come to it yet.
    for _ in 0..<Self.attempts where limits != ["0", "0"] && !watching.hasEnded {
      limits = try coreLimits(of: watching.identifier)
      try await Pause.briefly()
    }
    #expect(limits == ["0", "0"], "\(watching.errors)")
  }
}
