// POST and POST@DIGEST as people type them, and what is read from standard input.
import Testing

@testable import countersign

@Suite struct ReferenceTests {
  @Test func `a post needs four digits, a revision eight`() throws {
    #expect(DecisionTargets.parts("1a2b")?.post == "1a2b")
    #expect(DecisionTargets.parts("1A2B@89ABCDEF")?.digest == "89abcdef")
    let id = String(repeating: "a", count: 32)
    let digest = String(repeating: "b", count: 64)
    let parts = try #require(DecisionTargets.parts("\(id)@\(digest)"))
    #expect(parts.post == id)
    #expect(parts.digest == digest)
  }

  @Test(arguments: [
    "", "1a2", "1a2b@", "1a2b@89abcde", "@89abcdef", "xyzw", "1a2b@89abcdef@89abcdef", "1a2b 3c4d", "１ａ２ｂ",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  ])
  func `anything else is no reference`(text: String) {
    #expect(DecisionTargets.parts(text) == nil)
    #expect(throws: CommandFailure.self) { try DecisionTargets.check([text]) }
  }

  @Test func `a hyphen stands for the lines of standard input`() throws {
    let shell = Shell.sample(input: ["1a2b@89abcdef", "", "# later", "  3c4d@01234567  # two"])
    #expect(try DecisionTargets.references(["ffff", "-"], in: shell) == ["ffff", "1a2b@89abcdef", "3c4d@01234567"])
  }

  @Test func `nothing to decide on is a usage error, and an empty standard input nothing to do`() throws {
    let failure = #expect(throws: CommandFailure.self) { try DecisionTargets.references([], in: Shell.sample()) }
    #expect(failure?.exit == 64)
    for input in [[], ["", "# nothing today"]] {
      let shell = Shell.sample(input: input)
      #expect(try DecisionTargets.references(["-"], in: shell) == [])
      #expect(shell.errors.kept.contains("nothing was done"))
    }
  }

  @Test func `a bad line of standard input is named by its number, and nothing is done`() {
    let shell = Shell.sample(input: ["1a2b@89abcdef", "", "# one", "what\u{1B} now", "3c4d@01234567"])
    let failure = #expect(throws: CommandFailure.self) { try DecisionTargets.references(["-"], in: shell) }
    #expect(failure?.exit == 64 && failure?.message.hasPrefix("Line 4 of standard input: what‹U+001B› is no POST") == true)
    #expect(failure?.message.hasSuffix("; nothing was done.") == true)
  }

  @Test func `short forms can be typed back`() {
    let target = ShortForm.target(post: String(repeating: "a", count: 32), revision: String(repeating: "b", count: 64))
    #expect(target == "aaaaaaaa@bbbbbbbbbbbbbbbb")
    #expect(DecisionTargets.parts(target) != nil)
  }

  @Test func `reasons are required, asked for on a terminal and nowhere else`() throws {
    #expect(try ReasonPrompt.required(" too long \n", verb: "reject", reads: [], in: Shell.sample()) == " too long")
    let failure = #expect(throws: CommandFailure.self) {
      try ReasonPrompt.required(nil, verb: "reject", reads: [], in: Shell.sample())
    }
    #expect(failure?.exit == 64)
    let asked = Shell.sample(input: ["The dose is wrong."], terminal: Terminal(isInput: true, isOutput: true, isError: true))
    #expect(try ReasonPrompt.required(nil, verb: "reject", reads: ["1a2b@89abcdef"], in: asked) == "The dose is wrong.")
    #expect(throws: CommandFailure.self) { try ReasonPrompt.required(nil, verb: "reject", reads: ["-"], in: asked) }
  }

  @Test func `a person is asked for the reason later, below what it is about, and everybody else at once`() throws {
    let person = Shell.sample(input: ["The dose."], terminal: Terminal(isInput: true, isOutput: true, isError: true))
    #expect(try ReasonPrompt.given(nil, verb: "reject", reads: ["1a2b"], in: person) == nil)
    #expect(person.errors.kept.isEmpty, "nothing is asked yet")
    #expect(try ReasonPrompt.given(" wrong ", verb: "reject", reads: ["1a2b"], in: person) == " wrong")
    #expect(throws: CommandFailure.self) { try ReasonPrompt.given(" ", verb: "reject", reads: ["1a2b"], in: person) }
    #expect(throws: CommandFailure.self) { try ReasonPrompt.given(nil, verb: "reject", reads: ["-"], in: person) }
    #expect(throws: CommandFailure.self) { try ReasonPrompt.given(nil, verb: "reject", reads: ["1a2b"], in: Shell.sample()) }
  }
}

extension Shell {
  /// Surroundings that keep what is written and give what is said here.
  static func sample(
    input: [String] = [], variables: [String: String] = [:], terminal: Terminal = Terminal(),
    clock: @escaping @Sendable () -> Instant = { Instant(milliseconds: 1_772_600_767_000) }
  ) -> Shell {
    Shell(
      variable: { variables[$0] }, terminal: terminal, output: Output(descriptor: nil), errors: Output(descriptor: nil),
      input: Input(lines: input), now: clock)
  }
}
