// What the console says of a tenant whose files went back in time, once a device has shown the server what is missing.
import Foundation
import ProcessHarness
import Testing

@Suite(.serialized) struct OldCopyConsoleTests {
  private func console(_ command: String, of practice: Practice, _ arguments: [String] = []) async throws -> Finished {
    try await Program.countersignd.run([command, "--data", practice.data] + arguments, scratch: practice.scratch)
  }

  private func words(_ text: String) -> String { text.split { $0 == " " || $0 == "\n" }.joined(separator: " ") }

  @Test func `verify and doctor tell that a tenant is not written to, until its newest copy is back`() async throws {
    let practice = try await Practice()
    let tenants = practice.data + "/tenants"
    let (old, newest) = (try practice.scratch.folder("old"), try practice.scratch.folder("newest"))
    let edda = try await practice.enrol("Edda", role: "editor")
    _ = try await practice.stopServer()
    try TenantFiles.copy(practice.tenant, from: tenants, to: old)
    #expect(try await console("doctor", of: practice).exitCode == 0)

    try await practice.serve()
    _ = try await edda.json(["import", try Batch.write(posts: 4, in: practice.scratch), "--submit", "--wait"])
    _ = try await edda.json(["sync"])
    let shown = try #require(try await edda.json(["status"])["checkpoint_size"]?.int)
    _ = try await practice.stopServer()
    try TenantFiles.copy(practice.tenant, from: tenants, to: newest)
    try TenantFiles.copy(practice.tenant, from: old, to: tenants)
    let unaware = try await console("verify", of: practice)
    #expect(unaware.exitCode == 0, "nobody has shown anything yet: \(unaware.output)")

    try await practice.serve()
    #expect(try await edda.run(["sync"]).exitCode != 0)
    let beside = try await console("verify", of: practice, ["--json"])
    #expect(try beside.exitCode == 1 && beside.json()["ok"]?.bool == false, "\(beside.output)")
    _ = try await practice.stopServer()
    let verified = try await console("verify", of: practice)
    #expect(verified.exitCode == 1 && words(verified.output).contains("a ledger of \(shown) entries"), "\(verified.output)")
    #expect(words(verified.output).contains("put the newest copy"), "\(verified.output)")
    let looked = try await console("doctor", of: practice)
    #expect(looked.exitCode == 1 && looked.output.contains("BAD  tenant \(practice.tenant): "), "\(looked.output)")
    #expect(looked.output.contains("a ledger of \(shown) entries, and this one has "), "\(looked.output)")
    #expect(looked.output.contains("fix: stop the server and put the newest copy"), "\(looked.output)")

    try TenantFiles.copy(practice.tenant, from: newest, to: tenants)
    for command in ["verify", "doctor"] {
      let finished = try await console(command, of: practice)
      #expect(finished.exitCode == 0, "\(command): \(finished.output)")
    }
  }
}
