// Cells, lines and tables, as they must come out on narrow terminals and in every script.
import Testing

@testable import countersign

@Suite struct DisplayWidthTests {
  @Test func `letters take one cell, wide ones two, combining marks none`() {
    #expect(DisplayWidth.of("abc") == 3)
    #expect(DisplayWidth.of("日本語") == 6)
    #expect(DisplayWidth.of("한국") == 4)
    #expect(DisplayWidth.of("e\u{301}") == 1)
    #expect(DisplayWidth.of("Ａ") == 2)
    #expect(DisplayWidth.of("مرحبا") == 5)
    #expect(DisplayWidth.of("นี้") == 1)
  }

  @Test func `pictures take two cells, whatever they are made of`() {
    #expect(DisplayWidth.of("🙂") == 2)
    #expect(DisplayWidth.of("👩\u{200D}👩\u{200D}👧") == 2)
    #expect(DisplayWidth.of("\u{2764}\u{FE0F}") == 2)
    #expect(DisplayWidth.of("🇩🇪") == 2)
    #expect(DisplayWidth.of("👍🏽") == 2)
  }

  @Test func `what is cut never is wider than asked for`() {
    #expect(DisplayWidth.truncated("abcdef", to: 6) == "abcdef")
    #expect(DisplayWidth.truncated("abcdefg", to: 6) == "abcde…")
    #expect(DisplayWidth.truncated("日本語日本語", to: 6) == "日本…")
    #expect(DisplayWidth.truncated("日本語", to: 0) == "")
    for width in 1...12 { #expect(DisplayWidth.of(DisplayWidth.truncated("日本a語b日", to: width)) <= width) }
  }

  @Test func `padding counts cells`() {
    #expect(DisplayWidth.padded("日", to: 4) == "日  ")
    #expect(DisplayWidth.padded("7", to: 3, isRightAligned: true) == "  7")
    #expect(DisplayWidth.padded("long", to: 2) == "long")
  }
}

@Suite struct WordWrapTests {
  @Test func `lines break at spaces`() {
    #expect(WordWrap.lines("the quick brown fox", width: 10) == ["the quick", "brown fox"])
  }

  @Test func `line breaks of the text stay`() {
    #expect(WordWrap.lines("one\n\ntwo", width: 20) == ["one", "", "two"])
    #expect(WordWrap.lines("", width: 20) == [""])
  }

  @Test func `a word that is too long is cut`() {
    #expect(WordWrap.lines("abcdefghijkl", width: 8) == ["abcdefgh", "ijkl"])
    #expect(WordWrap.lines("a https://example.org", width: 8) == ["a", "https://", "example.", "org"])
  }

  @Test func `no line is wider than asked for, in any script`() {
    let text = "日本語のとても長い文章です and some words مرحبا بالعالم 👩\u{200D}👩\u{200D}👧 " + String(repeating: "x", count: 90)
    for width in [8, 20, 60] {
      #expect(WordWrap.lines(text, width: width).allSatisfy { DisplayWidth.of($0) <= width })
      #expect(WordWrap.indented(text, by: "    ", width: width + 4).allSatisfy { DisplayWidth.of($0) <= width + 4 })
    }
  }
}

@Suite struct TableTests {
  private static func sample() -> Table {
    var table = Table(columns: [
      Table.Column(title: "POST"), Table.Column(title: "FOR", dropOrder: 1), Table.Column(title: "CAMPAIGN", dropOrder: 2),
      Table.Column(title: "TEXT", isFlexible: true),
    ])
    table.rows = [
      ["1a2b3c4d", "linkedin", "Spring at the practice", "Hay fever costs sleep and concentration long before anybody calls."],
      ["99999999", "x", "Spring", "日本語のとても長い文章です。日本語のとても長い文章です。"],
    ]
    return table
  }

  @Test func `nothing is cut when nobody looks`() {
    let lines = Self.sample().lines(width: nil, palette: Palette(isEnabled: false), hasTitles: false)
    #expect(
      lines[0]
        == "1a2b3c4d  linkedin  Spring at the practice  Hay fever costs sleep and concentration long before anybody calls.")
  }

  @Test func `every line fits into 60 columns`() {
    for width in [40, 60, 80, 120] {
      let lines = Self.sample().lines(width: width, palette: Palette(isEnabled: false), hasTitles: true)
      #expect(lines.allSatisfy { DisplayWidth.of($0) <= width })
      #expect(lines.count == 3)
    }
  }

  @Test func `what matters least goes first`() {
    let plain = Palette(isEnabled: false)
    #expect(Self.sample().lines(width: 60, palette: plain, hasTitles: true)[0] == "POST      FOR       TEXT")
    #expect(Self.sample().lines(width: 80, palette: plain, hasTitles: true)[0].contains("CAMPAIGN"))
    #expect(Self.sample().lines(width: 40, palette: plain, hasTitles: true)[0] == "POST      FOR       TEXT")
  }

  @Test func `an empty column takes no room`() {
    var table = Self.sample()
    table.rows = table.rows.map { [$0[0], $0[1], "", $0[3]] }
    #expect(
      table.lines(width: nil, palette: Palette(isEnabled: false), hasTitles: false)[0].hasPrefix("1a2b3c4d  linkedin  Hay"))
  }

  @Test func `colours do not change what is written`() {
    var table = Table(columns: [Table.Column(title: "A"), Table.Column(title: "N", isRightAligned: true)])
    table.rows = [[Table.Cell("x", .red), "1"], ["yyy", "22"]]
    let plain = table.lines(width: 60, palette: Palette(isEnabled: false), hasTitles: false)
    #expect(plain == ["x     1", "yyy  22"])
    let painted = table.lines(width: 60, palette: Palette(isEnabled: true), hasTitles: false)
    #expect(painted[0] == "\u{1B}[31mx\u{1B}[0m     1")
  }
}
