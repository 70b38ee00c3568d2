// What people type, and texts that reach the terminal, as targets like those of the libraries. The programs cannot be
// linked into the fuzzer, so damage under a fixed seed stands in for its guidance.
import FuzzTargets
import SeededInput
import Testing

@testable import countersign
@testable import countersignd

@Suite struct CommandLineTextTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var target: FuzzTarget
    var seeds: [String]

    var testDescription: String { target.name }
  }

  private static func text(_ name: String, _ read: @escaping @Sendable (String) throws -> Bool) -> FuzzTarget {
    FuzzTarget(name) { bytes in try read(String(decoding: bytes, as: UTF8.self)) }
  }

  static let cases: [Case] = [
    Case(target: text("instant", instant), seeds: ["2026-03-04T05:06:07Z", "2026-03-04T05:06:07.250+02:00"]),
    Case(target: text("reference", reference), seeds: ["1a2b3c4d@89abcdef01234567", "1A2B"]),
    Case(target: text("arguments", arguments), seeds: ["queue --json post,state", "approve --wait 5 -- 1a2b", "--json=a"]),
    Case(
      target: text("shown", shown),
      seeds: ["a\u{1B}[31mb\u{202E}", "👩‍👩‍👧 e\u{301}\u{FE0F}", "one\r\ntwo\tthree", "世界 مرحبا\u{2066}"]),
    Case(target: text("listen", listen), seeds: ["127.0.0.1:7443", "[::1]:0", "localhost:65535"]),
  ]

  @Test(arguments: cases) func `texts of the command line break no promise, however damaged`(sample: Case) throws {
    var damage = SeededDamage(seed: 7)
    for seed in sample.seeds {
      #expect(try sample.target.accepts(Array(seed.utf8)))
      for _ in 0..<2_000 { _ = try sample.target.accepts(damage.damaged(Array(seed.utf8))) }
    }
  }

  @Sendable private static func instant(_ text: String) throws -> Bool {
    guard let instant = Instant(text) else { return false }
    // 14 months of hours and minutes beyond the calendar's years, at most.
    try BrokenPromise.unless(
      (-62_300_000_000_000...253_500_000_000_000).contains(instant.milliseconds), "a time of no year: \(text)")
    _ = (instant.local, instant.relative(to: Instant(milliseconds: 1_772_600_767_000)))
    return true
  }

  @Sendable private static func reference(_ text: String) throws -> Bool {
    guard let parts = DecisionTargets.parts(text) else { return false }
    let again = DecisionTargets.parts(parts.post + (parts.digest.map { "@" + $0 } ?? ""))
    try BrokenPromise.unless(again?.post == parts.post && again?.digest == parts.digest, "a reference is read differently")
    return true
  }

  @Sendable private static func arguments(_ text: String) throws -> Bool {
    let words = text.split(separator: " ").map(String.init)
    let rewritten = ArgumentForms.rewritten(words)
    try BrokenPromise.unless(rewritten.count <= 2 * words.count, "arguments come from nowhere: \(rewritten)")
    return !rewritten.isEmpty
  }

  @Sendable private static func shown(_ text: String) throws -> Bool {
    let line = SafeText.line(text)
    let scalars = Array(line.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      try BrokenPromise.unless(
        !SafeText.isHidden(scalar) || SafeText.isPartOfEmoji(at: index, in: scalars), "something hidden reaches the terminal")
    }
    try BrokenPromise.unless(!SafeText.lines(text).utf8.contains(0x1B), "an escape reaches the terminal")
    try BrokenPromise.unless(DisplayWidth.of(line) >= 0, "a text has less than no width")
    return true
  }

  @Sendable private static func listen(_ text: String) throws -> Bool {
    guard let address = try? ListenAddress(text) else { return false }
    let again = try? ListenAddress(address.description)
    try BrokenPromise.unless(again == address, "\(address) is written and read differently")
    return true
  }
}
