// An answer that does not reach its reader: lost, which is a failure, or not wanted any more, which is none.
import Glibc
import Testing

@testable import countersign

@Suite struct OutputTests {
  private func shell(_ descriptor: Int32) -> Shell {
    let sample = Shell.sample()
    return Shell(
      variable: sample.variable, terminal: sample.terminal, output: Output(descriptor: descriptor), errors: sample.errors,
      input: sample.input, now: sample.now)
  }

  @Test func `on a full disk a command that was done has failed`() throws {
    let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
    try #require(full >= 0)
    defer { close(full) }
    let shell = shell(full)
    #expect(!shell.output.isClosed)
    shell.output.line("one")
    #expect(Program.written(0, in: shell, isJSON: false) == 1)
    #expect(shell.errors.kept.contains("could not be written: No space left on device."))
    #expect(shell.output.isClosed && shell.output.failure != nil)
    #expect(Program.written(6, in: shell, isJSON: false) == 6)
  }

  @Test func `a long answer is not forgotten to have failed`() throws {
    let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
    try #require(full >= 0)
    defer { close(full) }
    let shell = shell(full)
    shell.output.write([UInt8](repeating: 0x61, count: Output.bufferBytes * 2))
    #expect(Program.written(0, in: shell, isJSON: true) == 1)
    #expect(shell.errors.kept.contains("\"code\":\"output\""))
  }

  @Test func `a reader that went away is seen without writing, and is no failure`() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [-1, -1]
    let made = pipe(&ends)
    try #require(made == 0)
    defer { close(ends[1]) }
    let shell = shell(ends[1])
    #expect(!shell.output.isClosed)
    close(ends[0])
    #expect(shell.output.isClosed)
    shell.output.line("one")
    #expect(!shell.output.flush())
    #expect(Program.written(0, in: shell, isJSON: false) == 0 && shell.errors.kept.isEmpty)
  }

  @Test func `what is kept in memory is always whole`() {
    let shell = Shell.sample()
    shell.output.line("one")
    #expect(Program.written(0, in: shell, isJSON: false) == 0 && shell.output.kept == "one\n" && !shell.output.isClosed)
  }
}
