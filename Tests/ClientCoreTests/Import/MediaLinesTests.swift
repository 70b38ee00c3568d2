// The lines of media, by item and post.
import Testing

@testable import ClientCore

struct MediaLinesTests {
  @Test func `the line of a post's media is known, or else the post's own`() throws {
    let json = """
      {"campaign": "A", "items": [
        {"theme": "T", "posts": [
          {"platform": "x", "text": "one",
           "media": ["a.jpg"]},
          {"platform": "bluesky", "text": "two"}]},
        {"theme": "U", "posts": [{"platform": "x", "media": ["b.jpg"]}]}]}
      """
    #expect(try ImportReader.mediaLines(json: Array(json.utf8)) == [[4, 5], [6]])
    #expect(throws: ImportFaults.self) { try ImportReader.mediaLines(json: Array("{".utf8)) }
  }

  @Test func `rows of one theme are one item, each with its line`() throws {
    let csv = "theme,platform,text,media\nT,x,one,a.jpg\nU,x,\"two\nlines\",b.jpg\nT,bluesky,three,\n"
    let lines = try ImportReader.mediaLines(csv: Array(csv.utf8))
    #expect(lines.map(\.count) == [2, 1])
    #expect(lines.first?.first == 2 && lines.last == [3])
  }
}
