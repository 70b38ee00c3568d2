// When there are colours, and how times are read and told.
import Testing

@testable import countersign

@Suite struct PaletteTests {
  private func isEnabled(_ variables: [String: String], isTerminal: Bool) -> Bool {
    Palette.choose(isTerminal: isTerminal, variable: { variables[$0] }).isEnabled
  }

  @Test func `a terminal has colours, a pipe has none`() {
    #expect(isEnabled([:], isTerminal: true))
    #expect(!isEnabled([:], isTerminal: false))
  }

  @Test func `NO_COLOR wins, then CLICOLOR_FORCE, then TERM=dumb`() {
    #expect(!isEnabled(["NO_COLOR": "1", "CLICOLOR_FORCE": "1"], isTerminal: true))
    #expect(isEnabled(["NO_COLOR": ""], isTerminal: true))
    #expect(isEnabled(["CLICOLOR_FORCE": "1", "TERM": "dumb"], isTerminal: false))
    #expect(!isEnabled(["CLICOLOR_FORCE": "0"], isTerminal: false))
    #expect(!isEnabled(["TERM": "dumb"], isTerminal: true))
    #expect(!isEnabled(["CLICOLOR": "0"], isTerminal: true))
  }

  @Test func `without colours nothing is added`() {
    #expect(Palette(isEnabled: false).paint("a", .red) == "a")
    #expect(Palette(isEnabled: true).paint("a", .red) == "\u{1B}[31ma\u{1B}[0m")
    #expect(Palette(isEnabled: true).paint("", .red) == "")
  }
}

@Suite struct InstantTests {
  @Test func `RFC 3339 is read, with fractions and offsets`() {
    #expect(Instant("1970-01-01T00:00:00Z")?.milliseconds == 0)
    #expect(Instant("2026-03-04T05:06:07Z")?.milliseconds == 1_772_600_767_000)
    #expect(Instant("2026-03-04T05:06:07.25Z")?.milliseconds == 1_772_600_767_250)
    #expect(Instant("2026-03-04T07:06:07+02:00")?.milliseconds == 1_772_600_767_000)
    #expect(Instant("2024-02-29T00:00:00Z")?.milliseconds == 1_709_164_800_000)
  }

  @Test(arguments: [
    "", "yesterday", "2026-03-04", "2026-13-04T05:06:07Z", "2026-03-04T05:06:07", "2026-03-04T05:06:07+2",
    "२०२६-03-04T05:06:07Z",
  ])
  func `anything else is no time`(text: String) {
    #expect(Instant(text) == nil)
  }

  @Test func `how long ago is said in one unit`() {
    let now = Instant(milliseconds: 1_772_600_767_000)
    func ago(_ seconds: Int64) -> String { Instant(milliseconds: now.milliseconds - seconds * 1_000).relative(to: now) }
    #expect(ago(0) == "just now")
    #expect(ago(-30) == "just now")
    #expect(ago(59) == "just now")
    #expect(ago(60) == "1 min ago")
    #expect(ago(7_200) == "2 h ago")
    #expect(ago(47 * 3_600) == "47 h ago")
    #expect(ago(72 * 3_600) == "3 d ago")
    #expect(ago(90 * 86_400).hasPrefix("2025-12-0"))
    #expect(ago(-3_600).hasPrefix("in the future"))
  }

  @Test func `spans have one unit`() {
    #expect(spanText(milliseconds: 850) == "850 ms")
    #expect(spanText(milliseconds: 12_400) == "12 s")
    #expect(spanText(milliseconds: 600_000) == "10 min")
    #expect(spanText(milliseconds: 10_800_000) == "3 h")
  }
}
