// JSON answers: valid, complete, safe to look at, and cut to the fields that were asked for.
import ClientCore
import Foundation
import Testing

@testable import countersign

@Suite struct JSONTextTests {
  private struct Sample: Codable, Equatable {
    var post: String
    var count: Int
    var isDone: Bool
    var note: String?
    var index: UInt64?
    var tags: [String]
    var inner: [Inner]

    struct Inner: Codable, Equatable {
      var name: String
      var post: String
    }

    enum CodingKeys: String, CodingKey {
      case post, count, note, index, tags, inner
      case isDone = "done"
    }
  }

  private let sample = Sample(
    post: "1a", count: -3, isDone: true, note: nil, index: nil, tags: ["a", "b"], inner: [Sample.Inner(name: "n", post: "p")])

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test func `an object has every name, absent values are null`() throws {
    let json = text(try JSONText.object(sample))
    #expect(
      json
        == #"{"post":"1a","count":-3,"note":null,"index":null,"tags":["a","b"],"inner":[{"name":"n","post":"p"}],"done":true}"#
        + "\n")
  }

  @Test func `what is written is read back by another reader`() throws {
    var value = sample
    value.note = "quote \" back \\ line\nbreak tab\t \u{1} \u{202E} 👩\u{200D}👩\u{200D}👧 日本 \u{E0041} ‹"
    let decoded = try JSONDecoder().decode(Sample.self, from: Data(try JSONText.object(value)))
    #expect(decoded == value)
  }

  @Test func `what hides or acts is escaped`() throws {
    var value = sample
    value.note = "a\u{202E}b\u{1B}c\u{E0041}"
    let json = text(try JSONText.object(value))
    #expect(json.contains(#""a\u202eb\u001bc\udb40\udc41""#))
  }

  @Test func `a list has an element a line`() throws {
    var bytes: [UInt8] = []
    try JSONText.list([sample, sample], fields: ["post"]) { bytes += $0 }
    #expect(text(bytes) == "[\n{\"post\":\"1a\"},\n{\"post\":\"1a\"}\n]\n")
    bytes = []
    try JSONText.list([Sample]()) { bytes += $0 }
    #expect(text(bytes) == "[]\n")
  }

  @Test func `fields choose among an answer's own, not its parts'`() throws {
    let json = text(try JSONText.object(sample, fields: ["inner", "done"]))
    #expect(json == #"{"inner":[{"name":"n","post":"p"}],"done":true}"# + "\n")
  }

  @Test func `an unknown field is refused with the names that there are`() throws {
    let failure = #expect(throws: CommandFailure.self) { try JSONText.object(sample, fields: ["post", "colour"]) }
    #expect(failure?.exit == 64)
    #expect(failure?.message.contains("colour") == true)
    #expect(failure?.remedy.contains("count, done, index, inner, note, post, tags") == true)
  }

  @Test func `long lists are handed on in pieces that join`() throws {
    var pieces = 0
    var bytes: [UInt8] = []
    try JSONText.list((0..<3_000).map { _ in sample }) { piece in
      pieces += 1
      bytes += piece
    }
    #expect(pieces > 2)
    #expect(try JSONDecoder().decode([Sample].self, from: Data(bytes)).count == 3_000)
  }

  @Test func `an error is an object with code, message, remedy and details`() throws {
    let failure = CommandFailure(ClientError(.revisionMoved, "It moved.", remedy: "Look.", details: ["a"]))
    let json = text(try JSONText.object(failure))
    #expect(json == #"{"error":{"code":"revision_moved","message":"It moved.","remedy":"Look.","details":["a"]}}"# + "\n")
  }
}
