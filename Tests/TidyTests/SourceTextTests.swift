// The scanner that all rules stand on: what is code, what a comment, what a literal.
import Testing

@Suite struct SourceTextTests {
  private func code(_ text: String) -> [String] {
    SourceText(path: "A.swift", text: text).code.map { $0.split(separator: " ").joined(separator: " ") }
  }

  @Test func `comments, strings and backticked names are blanked`() {
    #expect(code("let a = 1 // b\n") == ["let a = 1"])
    #expect(code("a /* b /* c */ d */ e\n") == ["a e"])
    #expect(code("f(\"x \\\" y\", 1)\n") == ["f( , 1)"])
    #expect(code("func `a b`() {}\n") == ["func () {}"])
  }

  @Test func `raw, multi-line and interpolated strings are understood`() {
    #expect(code("f(#\"a \" b\"#, 1)\n") == ["f( , 1)"])
    #expect(code("f(\"\"\"\n  // \"quoted\" text\n  \"\"\", 1)\n") == ["f(", "", ", 1)"])
    #expect(code("f(\"a \\(g(\"b\")) c\")\n") == ["f( g( ) )"])
    #expect(code("f(##\"a \\#(b) \"# \"##)\n") == ["f( )"])
  }

  @Test func `an unclosed string ends with its line`() {
    #expect(code("let a = \"open\nlet b = 2\n") == ["let a =", "let b = 2"])
  }

  @Test func `all views have the same number of lines`() {
    let source = SourceText(path: "A.swift", text: "a // b\n\n/* c\n d */ e\n\"\"\"\nf\n\"\"\"")
    #expect(source.lines.count == 7)
    #expect(source.code.count == 7 && source.comments.count == 7 && source.codeAndLiterals.count == 7)
    #expect(source.comments[3].contains("d */") && !source.comments[3].contains("e"))
  }
}
