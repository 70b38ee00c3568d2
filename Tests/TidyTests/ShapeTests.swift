// Every file of this working tree has the agreed shape, and the rules about shapes can fail.
import Testing

@Suite struct ShapeTests {
  @Test func `no file is longer than the limit`() {
    expectNone(Repository.sources.flatMap(ShapeRules.fileLength))
  }

  @Test func `no function is longer than the limit`() {
    expectNone(Repository.sources.flatMap(ShapeRules.functionLength))
  }

  @Test func `every file begins with its purpose`() {
    expectNone(Repository.sources.flatMap(ShapeRules.purpose))
  }

  @Test func `no file or folder has an empty name`() {
    expectNone(Repository.files.flatMap(ShapeRules.name))
  }

  private func source(_ lines: [String]) -> SourceText {
    SourceText(path: "Sources/Trust/A.swift", text: lines.joined(separator: "\n") + "\n")
  }

  @Test func `a file of one line too many is found`() {
    #expect(ShapeRules.fileLength(source(Array(repeating: "// line", count: 400))).isEmpty)
    #expect(ShapeRules.fileLength(source(Array(repeating: "// line", count: 401))).count == 1)
  }

  private func function(_ head: String, lineCount: Int) -> SourceText {
    source([head] + Array(repeating: "  work()", count: lineCount - 2) + ["}"])
  }

  @Test(arguments: [
    "func long(a: () -> Void = { }) async throws {", "init?(x: Int) {", "subscript(x: Int) -> Int {", "deinit {",
    "var total: Int {", "static func == (a: A, b: A) -> Bool {", "func `a sentence { with braces`() {",
  ])
  func `a body of one line too many is found`(head: String) {
    #expect(ShapeRules.functionLength(function(head, lineCount: 70)).isEmpty)
    #expect(ShapeRules.functionLength(function(head, lineCount: 71)).map(\.line) == [1])
  }

  @Test func `requirements without a body and braces in strings are no functions`() {
    let lines = ["protocol P {", "  func a()", "  var b: Int { get }", "}", "struct S {"]
    let long = lines + Array(repeating: "  let text = \"func x() {\"", count: 100) + ["}"]
    #expect(ShapeRules.functionLength(source(long)).isEmpty)
    #expect(FunctionSpan.all(in: source(lines).code) == [FunctionSpan(firstLine: 3, lastLine: 3)])
  }

  @Test func `a nested function is measured on its own`() {
    let spans = FunctionSpan.all(in: ["func a() {", "  func b() {", "  }", "}"])
    #expect(spans == [FunctionSpan(firstLine: 1, lastLine: 4), FunctionSpan(firstLine: 2, lastLine: 3)])
  }

  @Test func `a missing, short or misplaced purpose is found`() {
    #expect(ShapeRules.purpose(source(["import Testing"])).count == 1)
    #expect(ShapeRules.purpose(source(["// Keys."])).count == 1)
    #expect(ShapeRules.purpose(source(["/// A doc comment is about a declaration, not the file."])).count == 1)
    #expect(ShapeRules.purpose(source(["// What this file is for, in", "// one sentence."])).isEmpty)
  }

  @Test func `empty words in names are found, whole words only`() {
    #expect(ShapeRules.name("Sources/Trust/SyncManager+Cache.swift").count == 1)
    #expect(ShapeRules.name("Sources/Utils/A.swift").count == 1)
    #expect(ShapeRules.name("Sources/common/A.swift").count == 1)
    #expect(ShapeRules.name("Sources/Trust/Commonality.swift").isEmpty)
    #expect(ShapeRules.words(in: "SyncManager+Cache") == ["Sync", "Manager", "Cache"])
  }
}
