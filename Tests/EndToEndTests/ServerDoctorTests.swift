// What `countersignd doctor` says of a server that was killed, and of one that was stopped.
import Foundation
import ProcessHarness
import Testing

@Suite(.serialized) struct ServerDoctorTests {
  private func doctor(_ practice: Practice, _ arguments: [String] = []) async throws -> Finished {
    try await Program.countersignd.run(["doctor", "--data", practice.data] + arguments, scratch: practice.scratch)
  }

  private func warnings(_ practice: Practice) async throws -> [String] {
    try await doctor(practice, ["--json"]).json().array.filter { $0["warning"]?.bool == true }.compactMap { $0["what"]?.string }
  }

  @Test func `a run that was killed is a warning in plain words, and no failure`() async throws {
    let practice = try await Practice()
    #expect(try await warnings(practice).isEmpty, "it runs")
    try await practice.killServer()
    let killed = try await doctor(practice)
    #expect(killed.exitCode == 0, "\(killed.output)")
    #expect(killed.output.contains("WARN the last run did not end in order: the process was killed"), "\(killed.output)")
    #expect(killed.output.contains("Nothing must be done"))
    #expect(try await warnings(practice).count == 1)
    try await practice.serve()
    _ = try await practice.stopServer()
    #expect(try await doctor(practice).output.contains("ok   the last run ended in order"))
    #expect(try await warnings(practice).isEmpty)
  }

  @Test(arguments: ["tls-certificate.pem", "tls-key.pem"])
  func `a certificate or a key of it that cannot be served is found before the next start`(name: String) async throws {
    let scratch = try Scratch()
    let data = try await Practice.newServer(in: scratch)
    try "no PEM at all\n".write(toFile: data + "/keys/" + name, atomically: false, encoding: .utf8)
    let looked = try await Program.countersignd.run(["doctor", "--data", data], scratch: scratch)
    #expect(looked.exitCode == 1 && looked.output.contains("or its key, "), "\(looked.output)")
    #expect(looked.output.contains("fix: put back the copy of keys/"), "\(looked.output)")
  }
}
