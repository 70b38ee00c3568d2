// What the program binds before it does anything: every library is time that every command pays.
import ProcessHarness
import Testing

@Suite struct StartTests {
  @Test func `libcurl and its thirty companions are not bound by commands that make no request`() async throws {
    let scratch = try Scratch()
    // The loader tells what it looks for.
    let started = try await Program.countersign.run(["--version"], environment: ["LD_DEBUG": "libs"], scratch: scratch)
    #expect(started.exitCode == 0)
    #expect(started.errors.contains("libwebsockets.so"), "the loader told nothing: \(started.errors.prefix(200))")
    #expect(!started.errors.contains("libcurl.so"))
  }
}
