// What the console says and how it ends: an export tells what it wrote, and only a command line that nothing can make right is
// wrong configuration.
import Foundation
import ProcessHarness
import Testing

@Suite(.serialized) struct ConsoleTests {
  private func console(_ arguments: [String], of practice: Practice) async throws -> Finished {
    try await Program.countersignd.run(arguments + ["--data", practice.data], scratch: practice.scratch)
  }

  @Test func `an export tells what it wrote and where, for members by name or by the beginning of an id`() async throws {
    let practice = try await Practice()
    let rosa = try await practice.enrol("Rosa", role: "reviewer")
    let id = try #require(try await rosa.json(["status"])["member_id"]?.string)
    let whole = practice.scratch.path + "/whole"
    let said = try await console(["export", "--tenant", practice.tenant, "--state", whole], of: practice)
    let lines = try String(contentsOfFile: whole + "/entities.jsonl", encoding: .utf8).split(separator: "\n").count
    #expect(lines > 1 && said.exitCode == 0, "\(said.errors)")
    #expect(said.output == "\(lines) entities of “Praxis am Park” written to \(whole)/entities.jsonl\n")
    let expected = try await practice.export(for: id)
    for (index, member) in ["rosa", String(id.prefix(6))].enumerated() {
      let folder = practice.scratch.path + "/part-\(index)"
      let part = try await console(
        ["export", "--tenant", practice.tenant, "--state", folder, "--member", member], of: practice)
      #expect(part.exitCode == 0, "\(part.errors)")
      #expect(try FolderContents.read(folder) == expected)
    }
    let short = try await console(
      ["export", "--tenant", practice.tenant, "--state", whole, "--member", String(id.prefix(3))], of: practice)
    #expect(short.exitCode == 1 && short.errors.contains("There is no member"), "\(short.errors)")
  }

  @Test func `what nothing can make right is 78, what does not go with the data is 1`() async throws {
    let practice = try await Practice()
    let guest = ["--name", "Rosa", "--role", "reviewer"]
    let cases: [(Int32, [String])] = [
      (78, ["invite", "--tenant", practice.tenant, "--name", "Rosa", "--role", "surgeon"]),
      (78, ["invite", "--tenant", practice.tenant, "--name", "", "--role", "reviewer"]),
      (78, ["invite", "--tenant", "Nowhere", "--url", "https://example.org"] + guest),
      (78, ["invite", "--tenant", practice.tenant, "--url", "wss://"] + guest),
      (78, ["invite", "--tenant", practice.tenant, "--url", "ws://review.example.org:7447"] + guest),
      (78, ["tenant", "create", String(repeating: "n", count: 201)]),
      (1, ["invite", "--tenant", "Nowhere"] + guest), (1, ["verify", "--tenant", "Nowhere"]),
      (1, ["export", "--tenant", "Nowhere", "--state", practice.scratch.path + "/nothing"]),
      (1, ["tenant", "create", "Praxis am Park"]),
    ]
    for (code, arguments) in cases {
      let finished = try await console(arguments, of: practice)
      #expect(finished.exitCode == code && finished.output.isEmpty, "\(arguments): \(finished.errors)")
      #expect(!finished.errors.isEmpty, "\(arguments)")
    }
  }

  @Test func `a store that cannot be read is told in the program's own words`() async throws {
    let practice = try await Practice()
    _ = try await practice.stopServer()
    try Data("no database".utf8).write(to: URL(fileURLWithPath: "\(practice.data)/tenants/\(practice.tenant).sqlite"))
    let finished = try await console(
      ["export", "--tenant", practice.tenant, "--state", practice.scratch.path + "/nothing"], of: practice)
    #expect(finished.exitCode == 1 && finished.errors.hasPrefix("countersignd: "), "\(finished.errors)")
  }
}
