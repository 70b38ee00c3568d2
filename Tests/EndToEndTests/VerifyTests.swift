// What `countersignd verify` tells an operator to do about what it finds.
import Foundation
import ProcessHarness
import Testing

@Suite(.serialized) struct VerifyTests {
  @Test func `where not everything holds, the evidence is to be left and reported`() async throws {
    let practice = try await Practice()
    _ = try await practice.stopServer()
    func verify() async throws -> Finished {
      try await Program.countersignd.run(["verify", "--data", practice.data], scratch: practice.scratch)
    }
    let sound = try await verify()
    #expect(sound.exitCode == 0 && sound.output.hasSuffix("Everything holds.\n"), "\(sound.output) \(sound.errors)")
    try Data("no database".utf8).write(to: URL(fileURLWithPath: "\(practice.data)/tenants/\(practice.tenant).sqlite"))
    let damaged = try await verify()
    #expect(damaged.exitCode == 1, "\(damaged.errors)")
    let advice = damaged.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(advice.contains("leave the directory as it is, and report this"), "\(damaged.output)")
    #expect(!advice.contains("Not everything holds; restore"))
    let looked = try await Program.countersignd.run(["doctor", "--data", practice.data], scratch: practice.scratch)
    #expect(looked.exitCode == 1, "\(looked.output)")
    #expect(looked.output.contains("fix: stop the server, leave the directory as it is, and report this"), "\(looked.output)")
    #expect(!looked.output.contains("fix: restore"))
  }
}
