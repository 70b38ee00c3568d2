// Content from others never acts on the terminal.
import Testing

@testable import countersign

@Suite struct SafeTextTests {
  @Test func `plain text stays as it is`() {
    #expect(SafeText.line("Wash your hands.") == "Wash your hands.")
    #expect(SafeText.line("Grüße, 世界, مرحبا") == "Grüße, 世界, مرحبا")
  }

  @Test func `control characters are shown by number`() {
    #expect(SafeText.line("a\u{1B}[31mb") == "a‹U+001B›[31mb")
    #expect(SafeText.line("a\u{7}b\u{7F}c\u{9B}d") == "a‹U+0007›b‹U+007F›c‹U+009B›d")
  }

  @Test(arguments: ["\u{202A}", "\u{202E}", "\u{2066}", "\u{2069}", "\u{200E}", "\u{200F}", "\u{61C}"])
  func `marks that turn the reading direction are shown by number`(mark: String) {
    let shown = SafeText.line("a\(mark)b")
    #expect(shown.hasPrefix("a‹U+"))
    #expect(shown.hasSuffix("›b"))
  }

  @Test(arguments: ["\u{200B}", "\u{200C}", "\u{200D}", "\u{2060}", "\u{FEFF}", "\u{AD}", "\u{115F}", "\u{3164}", "\u{E0041}"])
  func `invisible characters are shown by number`(mark: String) {
    #expect(SafeText.line("a\(mark)b").contains("‹U+"))
  }

  @Test func `the number has four digits or more`() {
    #expect(SafeText.line("\u{202E}") == "‹U+202E›")
    #expect(SafeText.line("\u{E0041}") == "‹U+E0041›")
  }

  @Test func `pictures keep their joiners`() {
    let family = "👩\u{200D}👩\u{200D}👧"
    #expect(SafeText.line(family) == family)
    let heart = "\u{2764}\u{FE0F}\u{200D}🔥"
    #expect(SafeText.line(heart) == heart)
  }

  @Test func `a joiner beside a letter is no picture`() {
    #expect(SafeText.line("👩\u{200D}a") == "👩‹U+200D›a")
    #expect(SafeText.line("\u{200D}") == "‹U+200D›")
  }

  @Test func `a line has no breaks, lines keep them`() {
    #expect(SafeText.line("a\nb\tc\r\nd") == "a b  c d")
    #expect(SafeText.lines("a\nb\r\nc") == "a\nb\nc")
    #expect(SafeText.lines("a\rb") == "a‹U+000D›b")
    #expect(SafeText.lines("a\u{2028}b") == "a‹U+2028›b")
  }

  @Test(arguments: ["abcdef", "abc\u{301}def", "ab\r\ncd", "äöü", "a\u{1F469}\u{200D}\u{2695}\u{FE0F}bc", "", "abc"])
  func `the beginning of a text is made of whole characters`(_ text: String) {
    for count in 0...7 { #expect(SafeText.beginning(of: text, characters: count) == text.prefix(count)) }
  }

  @Test(arguments: [("plain ~", true), ("a\u{7F}", false), ("\u{1F}", false), ("ä", false), ("", true)])
  func `plain bytes are told from all others`(_ text: String, _ isPlain: Bool) {
    #expect(SafeText.isPrintableASCII(text) == isPlain)
    #expect(SafeText.isPrintableASCII(text[...]) == isPlain)
  }
}
