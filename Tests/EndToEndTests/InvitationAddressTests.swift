// Which addresses an invitation may carry: those that devices take.
import Foundation
import ProcessHarness
import Testing

@testable import countersignd

@Suite(.timeLimit(.minutes(1))) struct InvitationAddressTests {
  @Test(arguments: [
    "wss://review.example.org:7447", "WSS://review.example.org", "wss://[2001:db8::1]:7447", "wss://review.example.org/team",
    "ws://127.0.0.1:7443", "ws://localhost", "ws://[::1]:1",
  ])
  func `an address that devices take is usable`(text: String) {
    #expect(InvitationAddress.isUsable(text))
  }

  @Test(arguments: [
    "", "wss://", "wss://:7447", "wss://a b", "wss://a\n", "wss://a:0", "wss://a:65536", "wss://ada@a", "wss://a/?b",
    "wss://a/#b",
    "https://a", "a:7447", "ws://review.example.org", "ws://0.0.0.0:7447", "ws://127.0.0.1.example.org",
    "wss://" + String(repeating: "a", count: 1_024),
  ])
  func `an address that no device takes is not`(text: String) {
    #expect(!InvitationAddress.isUsable(text))
  }

  @Test func `plain text beyond this machine is warned of, and invites nobody`() async throws {
    let scratch = try Scratch()
    let data = try await Practice.newServer(in: scratch)
    let made = try await Program.countersignd.run(["tenant", "create", "North", "--data", data], scratch: scratch)
    #expect(made.exitCode == 0, "\(made.errors)")
    let ready = scratch.path + "/ready"
    let server = try Program.countersignd.start(
      ["serve", "--data", data, "--listen", "0.0.0.0:0", "--plain-text", "--ready-file", ready], scratch: scratch)
    defer { server.killAtOnce() }
    try await FileWatch.wait(for: ready, limitSeconds: 30, unless: { server.hasEnded }) { server.errors }
    let url = try String(contentsOfFile: ready, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    let invited = try await Program.countersignd.run(
      ["invite", "--data", data, "--tenant", "North", "--name", "Rosa", "--role", "admin"], scratch: scratch)
    // A machine that calls itself localhost gives an address that devices take.
    #expect(invited.exitCode == (InvitationAddress.isUsable(url) ? 0 : 78), "\(url): \(invited.errors)")
    server.send(SIGTERM)
    #expect(try await server.finish(limitSeconds: 10).errors.contains("plain text beyond this machine"))
  }
}
