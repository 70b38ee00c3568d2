// The posts in Fixtures/posts are what their README says, so that tests and the demo may rely on it.
import Foundation
import Testing

@Suite struct FixtureTests {
  private struct Campaign: Decodable {
    let campaign: String
    let items: [Item]
  }

  private struct Item: Decodable {
    let theme: String
    let canonical: String
    let posts: [Post]
  }

  private struct Post: Decodable {
    let platform: String
    let text: String
    let hashtags: [String]
    let link: String
    let media: [String]?
    let altText: String?
    let provenance: [String: String]

    /// Text, hashtags and link as they would stand on the platform, in characters.
    var length: Int {
      // Mastodon counts any address as 23 characters, and so does X.
      let linkLength = ["x", "mastodon"].contains(platform) ? 23 : link.count
      return text.count + hashtags.reduce(0) { $0 + 2 + $1.count } + 1 + linkLength
    }
  }

  private static let limits = [
    "x": 280, "bluesky": 300, "mastodon": 500, "instagram": 2200, "linkedin": 3000, "facebook": 5000,
  ]

  private func text(_ name: String) throws -> String { try #require(Repository.text(of: "Fixtures/posts/\(name)")) }

  private func campaign() throws -> Campaign {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Campaign.self, from: Data(text("spring-campaign.json").utf8))
  }

  @Test func `the campaign has twenty items with three posts for three platforms each`() throws {
    let items = try campaign().items
    #expect(items.count == 20)
    #expect(items.allSatisfy { $0.posts.count == 3 && Set($0.posts.map(\.platform)).count == 3 })
    #expect(Set(items.map(\.theme)).count == 20)
    #expect(Set(items.flatMap(\.posts).map(\.text)).count == 60)
  }

  @Test func `every post fits its platform and is whole`() throws {
    for post in try campaign().items.flatMap(\.posts) {
      let limit = try #require(Self.limits[post.platform], "unknown platform \(post.platform)")
      #expect(post.length <= limit, "\(post.text)")
      #expect((post.media == nil) == (post.altText == nil), "a picture has a description: \(post.text)")
      #expect(post.platform != "instagram" || post.media?.isEmpty == false, "Instagram needs a picture: \(post.text)")
      #expect(Set(post.provenance.keys) == ["agent", "prompt", "prompt_version", "model"])
      #expect(post.hashtags.allSatisfy { !$0.isEmpty && !$0.contains("#") && !$0.contains(" ") })
    }
  }

  @Test func `the CSV holds the first four items again`() throws {
    let rows = try text("spring-campaign.csv").split(separator: "\n")
    #expect(rows.first == "theme,canonical,platform,text,hashtags,link,media,alt_text,agent,prompt,prompt_version,model")
    let expected = try campaign().items.prefix(4).flatMap { item in item.posts.map { (item.theme, $0) } }
    #expect(rows.count == 1 + expected.count)
    for (row, (theme, post)) in zip(rows.dropFirst(), expected) {
      #expect(row.hasPrefix(theme) && row.contains(",\(post.platform),") && row.contains(post.text), "\(row)")
      #expect(row.contains(",\((post.media ?? []).joined(separator: ";")),"))
    }
  }

  @Test func `the faulty file is JSON with one sound item and sixteen faults`() throws {
    let parsed = try JSONSerialization.jsonObject(with: Data(text("faulty.json").utf8))
    let items = try #require((parsed as? [String: Any])?["items"] as? [Any])
    #expect(items.count == 17)
    let whole = items.filter { item in
      let data = try? JSONSerialization.data(withJSONObject: ["": item])
      return data.flatMap { try? JSONDecoder().decode([String: MinimalItem].self, from: $0) } != nil
    }
    // Faults of type and absence; the others are well formed and wrong only by their values.
    #expect(whole.count == 7)
  }

  /// The least that an item must hold to be read at all.
  private struct MinimalItem: Decodable {
    struct MinimalPost: Decodable {
      let platform: String
      let text: String
      let hashtags: [String]?
    }

    let theme: String
    let canonical: String
    let posts: [MinimalPost]
  }
}
