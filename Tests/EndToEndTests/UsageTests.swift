// What the server's program makes of command lines that are wrong: a service manager must not try them again.
import ProcessHarness
import Testing

@Suite struct UsageTests {
  @Test(arguments: [
    ["serve", "--lissen", "127.0.0.1:0"], ["serve", "extra"], ["serve", "--listen"], ["serve"], ["sevre"],
    ["tenant", "create"],
    ["export"], ["serve", "--data", "/nowhere/at/all"],
  ])
  func `a wrong or missing flag is wrong configuration, exit 78`(arguments: [String]) async throws {
    let finished = try await Program.countersignd.run(arguments, scratch: try Scratch())
    #expect(finished.exitCode == 78 && !finished.wasKilled, "\(finished.errors)")
    #expect(finished.output.isEmpty && !finished.errors.isEmpty)
  }

  @Test(arguments: [["--help"], ["--version"], ["serve", "--help"], ["help", "serve"], []])
  func `a question is answered, exit 0`(arguments: [String]) async throws {
    let finished = try await Program.countersignd.run(arguments, scratch: try Scratch())
    #expect(finished.exitCode == 0, "\(finished.errors)")
    #expect(finished.errors.isEmpty && !finished.output.isEmpty)
  }
}
