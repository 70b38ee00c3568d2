// Import files for tests: real passages where the shared data is at hand, sentences of our own where not.
import Foundation

package enum Batch {
  package static let platforms = ["linkedin", "facebook", "instagram", "mastodon"]

  /// Writes an import file with so many posts, a few to an item.
  package static func write(posts count: Int, campaign: String = "Spring", in scratch: Scratch) throws -> String {
    let texts = Self.texts(count)
    let items = stride(from: 0, to: count, by: platforms.count).map { start -> JSONValue in
      let posts = (start..<min(start + platforms.count, count)).map { index -> JSONValue in
        .object([
          "platform": .text(platforms[index - start]), "text": .text(texts[index]),
          "hashtags": .array([.text("health"), .text("advice")]),
        ])
      }
      return .object([
        "theme": .text("Theme \(start)"), "canonical": .text(String(texts[start].prefix(200))), "posts": .array(posts),
      ])
    }
    let file: JSONValue = .object(["campaign": .text(campaign), "items": .array(items)])
    let path = try scratch.newFile() + ".json"
    try JSONEncoder().encode(file).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// So many texts, each different, none over 450 characters.
  package static func texts(_ count: Int) -> [String] {
    let passages =
      sharedPassages(count) ?? [
        "Wash your hands before every meal.", "A walk of twenty minutes lowers the pressure.",
        "Ask before you take two remedies together.", "Sleep mends more than we admit.",
      ]
    return (0..<count).map { "\(passages[$0 % passages.count].prefix(440)) (\($0))" }
  }

  /// The first passages of the shared data, nil where it is absent.
  private static func sharedPassages(_ count: Int) -> [String]? {
    let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardizedFileURL
    for parent in ["..", "../.."] {
      let file = root.appendingPathComponent(parent + "/shared/data/health-topics.jsonl")
      guard let data = FileManager.default.contents(atPath: file.standardizedFileURL.path) else { continue }
      let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").prefix(count)
      return lines.compactMap { JSONValue(text: String($0))?["text"]?.string }
    }
    print("shared/data is not here: tests use sentences of their own")
    return nil
  }
}
