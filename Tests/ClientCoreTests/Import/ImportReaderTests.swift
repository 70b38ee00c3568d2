// The import reader against the fixtures, and against faults of its own.
import Foundation
import Testing

@testable import ClientCore

struct ImportReaderTests {
  private static func fixture(_ name: String) throws -> [UInt8] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../Fixtures/posts")
    return Array(try Data(contentsOf: root.appendingPathComponent(name)))
  }

  private func faults(_ body: () throws(ImportFaults) -> ImportFile) -> [ImportFault] {
    do {
      _ = try body()
      return []
    } catch {
      return error.faults
    }
  }

  @Test func `the spring campaign is read whole`() throws {
    let file = try ImportReader.read(json: try Self.fixture("spring-campaign.json"))
    #expect(file.campaign == "Spring at the practice")
    #expect(file.items.count == 20)
    #expect(file.items.flatMap(\.posts).count == 60)
    #expect(file.items[0].posts[0].provenance?.promptVersion == "5")
  }

  @Test func `a table gives the same items as the structured file`() throws {
    let table = try ImportReader.read(csv: try Self.fixture("spring-campaign.csv"), campaign: "Spring at the practice")
    let file = try ImportReader.read(json: try Self.fixture("spring-campaign.json"))
    #expect(table.items == Array(file.items.prefix(table.items.count)))
    #expect(table.items.flatMap(\.posts).count == 12)
  }

  @Test func `every faulty item is found at once, with its line`() throws {
    let bytes = try Self.fixture("faulty.json")
    let found = faults { () throws(ImportFaults) in try ImportReader.read(json: bytes) }
    let items = Set(
      found.compactMap { fault in fault.path.split(separator: "]").first?.split(separator: "[").last.flatMap { Int($0) } })
    #expect(items == Set(1...16))
    #expect(found.map(\.line) == found.map(\.line).sorted())
    let platform = try #require(found.first { $0.path == "items[3].posts[0].platform" })
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.dropFirst(platform.line - 1).prefix(4).contains { $0.contains("carrierpigeon") })
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\":1,\"a\":2}", "{\"campaign\":\"A\",\"items\":[]} x", "\"\\ud800\"", "01", "{\"a\":\"\u{01}\"}",
  ])
  func `broken structure is one clear fault`(_ text: String) {
    let found = faults { () throws(ImportFaults) in try ImportReader.read(json: Array(text.utf8)) }
    #expect(!found.isEmpty && found.allSatisfy { $0.line == 1 && !$0.problem.isEmpty })
  }

  @Test func `unknown keys, missing columns and ragged rows are told`() {
    let json = #"{"campaign":"A","items":[{"theme":"T","posts":[{"platform":"x","text":"Hi","colour":"red"}]}]}"#
    #expect(
      faults { () throws(ImportFaults) in try ImportReader.read(json: Array(json.utf8)) }.map(\.path)
        == ["items[0].posts[0].colour"])
    let csv = "theme,text\nA,\"one\ntwo\"\nB,x,y\n"
    let found = faults { () throws(ImportFaults) in try ImportReader.read(csv: Array(csv.utf8), campaign: "C") }
    #expect(found.contains { $0.path == "platform" && $0.line == 1 })
    #expect(found.contains { $0.path == "rows[1]" && $0.line == 4 })
  }

  @Test func `a campaign that is named elsewhere takes the place of the file's, and must be one`() throws {
    func json(_ campaign: String) -> [UInt8] {
      Array(#"{\#(campaign)"items":[{"theme":"T","posts":[{"platform":"x","text":"Hi"}]}]}"#.utf8)
    }
    #expect(try ImportReader.read(json: json(#""campaign":"A","#), campaign: "B").campaign == "B")
    #expect(try ImportReader.read(json: json(""), campaign: "B").campaign == "B", "the file need not have one")
    for name in ["", " ", String(repeating: "a", count: 201)] {
      let found = faults { () throws(ImportFaults) in try ImportReader.read(json: json(#""campaign":"A","#), campaign: name) }
      #expect(found.map(\.path) == ["campaign"])
    }
    #expect(faults { () throws(ImportFaults) in try ImportReader.read(json: json("")) }.map(\.path) == ["campaign"])
  }

  @Test func `media of a table are separated by semicolons alone, hashtags by spaces, too`() throws {
    let csv = "theme,platform,text,hashtags,media\nT,mastodon,Hi,one two;three, hay fever.png ;b.png;; c d.jpg;\n"
    let file = try ImportReader.read(csv: Array(csv.utf8), campaign: "C")
    let post = try #require(file.items.first?.posts.first)
    #expect(post.media == ["hay fever.png", "b.png", "c d.jpg"])
    #expect(post.hashtags == ["one", "two", "three"])
  }

  @Test func `text measured to the limit passes, one more does not`() {
    func file(_ count: Int) -> [UInt8] {
      let text = String(repeating: "é", count: count)
      return Array(#"{"campaign":"A","items":[{"theme":"T","posts":[{"platform":"bluesky","text":"\#(text)"}]}]}"#.utf8)
    }
    #expect(faults { () throws(ImportFaults) in try ImportReader.read(json: file(300)) }.isEmpty)
    #expect(faults { () throws(ImportFaults) in try ImportReader.read(json: file(301)) }.count == 1)
  }

  @Test func `random bytes never trap`() {
    var state: UInt64 = 7
    for _ in 0..<2_000 {
      let bytes = (0..<40).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let alphabet = Array("{}[]\",:\\u0123tfn e\n".utf8)
        return alphabet[Int(state >> 33) % alphabet.count]
      }
      _ = faults { () throws(ImportFaults) in try ImportReader.read(json: bytes) }
      _ = faults { () throws(ImportFaults) in try ImportReader.read(csv: bytes, campaign: "C") }
    }
  }
}
