// The layers hold in this working tree, and the rules about them can fail.
import Testing

@Suite struct LayerTests {
  @Test func `every target depends only on lower layers`() {
    #expect(Repository.manifest.targets.count >= 20, "Package.swift was not understood")
    expectNone(LayerRules.violations(in: Repository.manifest))
  }

  @Test func `every import is declared or an allowed part of the system`() {
    #expect(Repository.sources.count > 500, "the sources were not found, and no rule about them says anything")
    expectNone(Repository.sources.flatMap { LayerRules.violations(in: $0, manifest: Repository.manifest) })
  }

  private func remedies(_ manifest: String) -> String {
    LayerRules.violations(in: Manifest(text: manifest)).map(\.remedy).joined(separator: "\n")
  }

  @Test func `the manifest is read with its helpers, product variables and comments`() {
    let manifest = Manifest(
      text: """
        let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
        func library(_ name: String, in path: String) -> Target { .target(name: name, path: path) }
        let layers: [Target] = [
          .systemLibrary(name: "CSodium", path: "Sources/C/CSodium", providers: [.apt(["libsodium-dev"])]),
          // library("Ghost", in: "Sources/Ghost", []),
          library("StorageSQLite", in: "Sources/StorageSQLite", ["Storage", grdb,
            .product(name: "Logging", package: "swift-log")]),
          tests("TidyTests", []),
        ]
        """)
    #expect(
      Set(manifest.targets.map(\.name)) == ["CSodium", "StorageSQLite", "TidyTests"])
    #expect(manifest.owner(of: "Sources/StorageSQLite/Schema/A.swift")?.dependencies == ["Storage", "GRDB", "Logging"])
    #expect(manifest.owner(of: "Tests/TidyTests/A.swift")?.kind == .tests)
  }

  @Test func `a dependency that points up or sideways is found`() {
    let up = #"library("Trust", in: "Sources/Trust", ["ReviewModel"]), library("ReviewModel", in: "Sources/ReviewModel", [])"#
    #expect(remedies(up).contains("Trust (layer 1) depends on ReviewModel (layer 2)"))
    let sideways = #"library("Storage", in: "S", ["Transport"]), library("Transport", in: "T", [])"#
    #expect(remedies(sideways).contains("strictly down"))
  }

  @Test func `an unknown target, a forbidden product and an adapter in the logic are found`() {
    #expect(remedies(#"library("Extra", in: "Sources/Extra", [])"#).contains("Extra has no layer"))
    #expect(remedies(#"library("SyncServer", in: "S", ["GRDB"])"#).contains("which only StorageConformance, StorageSQLite"))
    #expect(remedies(#"library("ClientCore", in: "C", ["StorageSQLite"])"#).contains("adapter StorageSQLite"))
    #expect(remedies(#"program("countersign", in: "C", ["StorageSQLite"])"#).isEmpty)
  }

  @Test func `an undeclared import and a system module in pure code are found`() {
    let manifest = Manifest(text: #"library("ReviewModel", in: "Sources/ReviewModel", ["Trust"])"#)
    func check(_ text: String) -> [Int] {
      LayerRules.violations(in: SourceText(path: "Sources/ReviewModel/A.swift", text: text), manifest: manifest).map(\.line)
    }
    #expect(check("import Trust\n").isEmpty)
    #expect(check("import Trust\nimport Foundation\n") == [2])
    #expect(check("@preconcurrency import struct Storage.Key\n") == [1])
    #expect(check("// import Foundation\nlet text = \"import Glibc\"\n").isEmpty)
  }

  @Test func `a file that no target owns is found`() {
    let source = SourceText(path: "Sources/Lost/A.swift", text: "")
    #expect(LayerRules.violations(in: source, manifest: Manifest(text: "")).count == 1)
  }
}
