// Standard input that cannot be read is not taken for one that has ended: what is lost would be decided on by nobody.
import Dispatch
import Glibc
import Testing

@testable import countersign

@Suite struct InputTests {
  private func shell(_ descriptor: Int32) -> Shell {
    let sample = Shell.sample()
    return Shell(
      variable: sample.variable, terminal: sample.terminal, output: sample.output, errors: sample.errors,
      input: Input(descriptor: descriptor), now: sample.now)
  }

  @Test func `a standard input that cannot be read is a failure, and names no targets`() throws {
    let folder = open("/", O_RDONLY | O_CLOEXEC)
    try #require(folder >= 0)
    defer { close(folder) }
    let shell = shell(folder)
    let failure = #expect(throws: CommandFailure.self) { try DecisionTargets.references(["-"], in: shell) }
    #expect(failure?.exit == 1 && failure?.message.contains("Is a directory") == true)
    let file = try #require(try Program.command(["revise", "1a2b", "--file", "-"]) as? ReviseCommand)
    #expect(throws: CommandFailure.self) { try file.source.given(in: self.shell(folder)) }
    let text = try #require(try Program.command(["revise", "1a2b", "--text", "words"]) as? ReviseCommand)
    #expect(try text.source.given(in: shell) == "words")
  }

  @Test func `an input that has ended is whole`() throws {
    let shell = Shell.sample(input: ["1a2b"])
    #expect(try DecisionTargets.references(["-"], in: shell) == ["1a2b"])
    try shell.input.requireWhole()
  }

  @Test(.timeLimit(.minutes(1))) func `whoever asks for nobody to wait is waited for all the same`() async throws {
    var ends: [Int32] = [-1, -1]
    let made = pipe(&ends)
    try #require(made == 0)
    let (reading, writing) = (ends[0], ends[1])
    defer { close(reading) }
    let isSet = fcntl(reading, F_SETFL, O_NONBLOCK)
    try #require(isSet == 0)
    let input = Input(descriptor: reading)
    let first = write(writing, "1a2b@89ab", 9)
    #expect(first == 9)
    async let line = withCheckedContinuation { (continuation: CheckedContinuation<String?, Never>) in
      DispatchQueue(label: "reader").async { continuation.resume(returning: input.line()) }
    }
    // Until the reader has taken what there is, and looks for more.
    var poller = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
    while poll(&poller, 1, 0) > 0 { await Task.yield() }
    let rest = write(writing, "cdef\n", 5)
    #expect(rest == 5)
    let whole = await line
    #expect(whole == "1a2b@89abcdef")
    close(writing)
    #expect(input.line() == nil)
    try input.requireWhole()
  }
}
