// What is typed before a question stands on the terminal answers nothing: it would approve what nobody has seen.
import Dispatch
import Glibc
import Testing

@testable import countersign

/// Both ends of a terminal that no window belongs to.
private final class Pseudoterminal: Sendable {
  /// Linux's numbers of TIOCSPTLCK and TIOCGPTN, which are macros that Swift does not see.
  private static let unlock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430

  /// Where a person types.
  let keyboard: Int32
  /// What the program reads.
  let terminal: Int32

  init() throws {
    let keyboard = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var isLocked: Int32 = 0
    let unlocked = ioctl(keyboard, Self.unlock, &isLocked)
    var number: Int32 = 0
    let numbered = ioctl(keyboard, Self.getNumber, &number)
    let terminal = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(keyboard >= 0 && unlocked == 0 && numbered == 0 && terminal >= 0)
    self.keyboard = keyboard
    self.terminal = terminal
  }

  deinit {
    close(terminal)
    close(keyboard)
  }

  func type(_ text: String) {
    let count = write(keyboard, text, text.utf8.count)
    #expect(count == text.utf8.count)
  }

  /// The terminal shows what is typed once its queue holds it.
  func waitForEcho() {
    var poller = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
    let ready = poll(&poller, 1, 10_000)
    #expect(ready == 1)
    var shown = [UInt8](repeating: 0, count: 64)
    let count = read(keyboard, &shown, shown.count)
    #expect(count > 0)
  }

  private var isReadingKeys: Bool {
    var settings = termios()
    return tcgetattr(terminal, &settings) == 0 && settings.c_lflag & tcflag_t(ICANON) == 0
  }

  /// The terminal reads keys only while one is awaited, and by then it has emptied its queue.
  func waitUntilKeysAreRead() async throws {
    while !isReadingKeys {
      try Task.checkCancellation()
      await Task.yield()
    }
  }
}

/// What changes the settings of terminals and signals, which a process has once.
@Suite(.serialized, .timeLimit(.minutes(5))) struct TerminalTests {}

extension TerminalTests {
  @Suite struct TypedAheadTests {
    /// Reads on a thread of its own, which blocks until somebody types.
    private func asked<Answer: Sendable>(_ read: @escaping @Sendable () -> Answer) async -> Answer {
      await withCheckedContinuation { continuation in
        DispatchQueue(label: "reader").async { continuation.resume(returning: read()) }
      }
    }

    @Test func `keys typed before a question, or together with the last answer, answer nothing`() async throws {
      let pseudoterminal = try Pseudoterminal()
      let input = Input(descriptor: pseudoterminal.terminal)
      pseudoterminal.type("aa")
      pseudoterminal.waitForEcho()
      async let first = asked { input.key() }
      try await pseudoterminal.waitUntilKeysAreRead()
      pseudoterminal.type("sa")
      let firstKey = await first
      #expect(firstKey == "s")
      async let second = asked { input.key() }
      try await pseudoterminal.waitUntilKeysAreRead()
      pseudoterminal.type("q")
      let secondKey = await second
      #expect(secondKey == "q")
    }

    @Test func `a line typed before a question is forgotten`() async throws {
      let pseudoterminal = try Pseudoterminal()
      let input = Input(descriptor: pseudoterminal.terminal)
      pseudoterminal.type("yes\n")
      pseudoterminal.waitForEcho()
      input.forgetTypedAhead()
      pseudoterminal.type("no\n")
      let line = await asked { input.line() }
      #expect(line == "no")
    }

    @Test func `in a review whose pages go elsewhere, lines typed ahead answer nothing`() async throws {
      let pseudoterminal = try Pseudoterminal()
      let sample = Shell.sample(terminal: Terminal(isInput: true, isOutput: false, isError: true))
      let shell = Shell(
        variable: sample.variable, terminal: sample.terminal, output: sample.output, errors: sample.errors,
        input: Input(descriptor: pseudoterminal.terminal), now: sample.now)
      pseudoterminal.type("a\n")
      pseudoterminal.waitForEcho()
      async let first = asked { ReviewPrompt(shell: shell).read()?.key }
      try await waitForQuestions(1, in: shell)
      pseudoterminal.type("again\n")
      try await waitForQuestions(2, in: shell)
      pseudoterminal.type("s\n")
      let answer = await first
      #expect(answer == "s")
    }

    private func waitForQuestions(_ count: Int, in shell: Shell) async throws {
      while shell.errors.kept.ranges(of: "a c r h m s d q ? ").count < count {
        try Task.checkCancellation()
        await Task.yield()
      }
    }

    @Test func `what comes through a pipe was meant, and stays`() throws {
      var ends: [Int32] = [-1, -1]
      let made = pipe(&ends)
      try #require(made == 0)
      defer { close(ends[0]) }
      let input = Input(descriptor: ends[0])
      let written = write(ends[1], "sq\nlast\n", 8)
      #expect(written == 8)
      close(ends[1])
      #expect(input.key() == "s")
      input.forgetTypedAhead()
      #expect(input.key() == "q")
      #expect(input.line() == "")
      input.forgetTypedAhead()
      #expect(input.line() == "last")
    }
  }
}
