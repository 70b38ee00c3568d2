// What a comparison of two revisions tells of their files.
import ReviewModel
import Testing
import Trust

@testable import ClientCore

struct ComparisonTests {
  private func revision(_ media: MediaReference) -> RevisionComparison.Version {
    var content = RevisionContent()
    content.text = "The same words."
    content.media = [media]
    return (digest: Part.revision(content, salt: [UInt8](repeating: 1, count: Part.saltByteCount)).digest, content: content)
  }

  @Test func `a file of another size, kind, digest or name differs`() {
    let media = MediaReference(digest: .zero, byteCount: 24_000, mediaType: "image/png", fileName: "a.png")
    var others = [media, media, media, media]
    others[0].byteCount = 24_001
    others[1].mediaType = "image/jpeg"
    others[2].digest = SHA256.hash([1 as UInt8])
    others[3].fileName = "b.png"
    func fields(_ other: MediaReference) -> [String] {
      RevisionComparison.diff(subject: .zero, from: revision(media), to: revision(other)).fields.map(\.name)
    }
    #expect(fields(media).isEmpty)
    for other in others { #expect(fields(other) == ["media"], "\(other)") }
  }
}
