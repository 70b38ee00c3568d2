// The documents of this working tree agree with its code, and the rules about them can fail.
import Foundation
import Testing

@Suite struct DocumentationTests {
  @Test func `public declarations and package types are documented`() {
    expectNone(Repository.sources.flatMap(DocumentationRules.undocumented))
  }

  @Test func `only the protocol and the client core are public`() {
    expectNone(Repository.sources.flatMap(DocumentationRules.misplacedPublic))
  }

  @Test func `every target has its paragraph in the architecture, and no other`() throws {
    let text = try #require(Repository.text(of: "docs/ARCHITECTURE.md"))
    expectNone(DocumentationRules.architecture(text, targets: Repository.manifest.targets.map(\.name)))
  }

  @Test func `every relative link leads to something`() {
    let documents = Repository.files.filter { $0.hasSuffix(".md") }
    #expect(documents.count >= 8, "the documents were not found")
    let exists: (String) -> Bool = { FileManager.default.fileExists(atPath: Repository.root.appendingPathComponent($0).path) }
    expectNone(
      documents.flatMap { path in
        Repository.text(of: path).map { DocumentationRules.links(path: path, text: $0, exists: exists) } ?? []
      })
  }

  @Test func `no file names a machine or a registry`() {
    expectNone(
      Repository.files.flatMap { path in
        Repository.text(of: path).map { DocumentationRules.machineTraces(path: path, text: $0) } ?? []
      })
  }

  private func undocumentedLines(_ text: String) -> [Int] {
    DocumentationRules.undocumented(SourceText(path: "Clients/ClientCore/A.swift", text: text)).map(\.line)
  }

  @Test func `undocumented declarations are found`() {
    #expect(undocumentedLines("public struct A {\n  public init() {}\n}\n") == [1, 2])
    #expect(undocumentedLines("/// A.\n@frozen\npublic struct A {}\n").isEmpty)
    #expect(
      undocumentedLines("/// A.\npublic struct A {\n  public var a: Int\n  public var b: Int\n\n  public var c: Int\n}\n") == [
        6
      ])
    #expect(undocumentedLines("/// A.\npublic struct A {\n  public func a() {}\n}\n") == [3])
    #expect(undocumentedLines("// Not a doc comment.\npublic static func a() {}\n") == [2])
    #expect(undocumentedLines("@discardableResult public func a() -> Int { 1 }\n") == [1])
    #expect(undocumentedLines("package struct B: Sendable {\n}\npackage func b() {}\npackage enum Marker {}\n") == [1])
    #expect(undocumentedLines("// The purpose of the file speaks for A.\npackage struct A<B> {}\n").isEmpty)
    #expect(undocumentedLines("let text = \"public func a()\"\npackage import GRDB\n").isEmpty)
  }

  @Test func `public API in other targets is found`() {
    func count(_ path: String) -> Int {
      DocumentationRules.misplacedPublic(SourceText(path: path, text: "/// A.\npublic struct A {}\n")).count
    }
    #expect(count("Sources/Trust/A.swift") == 1)
    #expect(count("SyncProtocol/Wire/A.swift") == 0)
  }

  @Test func `missing, empty and invented paragraphs are found`() {
    let text =
      "# A\n### Trust\n\nKeys, digests and signatures, and nothing else that could be confused with them.\n### Ghost\nBoo\n"
    let found = DocumentationRules.architecture(text, targets: ["Trust", "Storage"]).map(\.remedy)
    #expect(found.count == 2)
    #expect(found.contains { $0.contains("Ghost") } && found.contains { $0.contains("### Storage") })
    #expect(DocumentationRules.architecture("### Trust\nKeys.\n", targets: ["Trust"]).count == 1)
  }

  @Test func `broken links are found, and those to elsewhere let through`() {
    let text = "[a](B.md) [b](../C.md#part) [c](https://example.org/x) [d](#here)\n```\n[e](no.md)\n```\n[f](gone.md)\n"
    let exists: (String) -> Bool = { ["docs/B.md", "C.md"].contains($0) }
    #expect(DocumentationRules.links(path: "docs/A.md", text: text, exists: exists).map(\.line) == [5])
    #expect(DocumentationRules.resolve("../../x/./y.md", from: "docs/decisions/1.md") == "x/y.md")
  }

  @Test func `machine paths and registries are found, relative paths and addresses let through`() {
    func lines(_ text: String) -> [Int] { DocumentationRules.machineTraces(path: "a", text: text).map(\.line) }
    for pattern in DocumentationRules.machinePaths + DocumentationRules.registryHosts {
      #expect(lines("fine\nsee \(pattern)x\n") == [2])
    }
    for pattern in DocumentationRules.machinePaths {
      #expect(lines("https://example.org\(pattern)x ..\(pattern)x $DIR\(pattern)x\n").isEmpty)
    }
  }
}
