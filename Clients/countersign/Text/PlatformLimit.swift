// How much text a platform takes, and how it counts. These are facts for the person who looks; nothing is refused by them.

/// The text limit of one platform.
struct PlatformLimit: Sendable {
  var characters: Int
  /// X counts a link as 23 and characters of many scripts twice.
  var isWeighted = false

  static let all: [String: PlatformLimit] = [
    "x": PlatformLimit(characters: 280, isWeighted: true), "bluesky": PlatformLimit(characters: 300),
    "mastodon": PlatformLimit(characters: 500), "threads": PlatformLimit(characters: 500),
    "linkedin": PlatformLimit(characters: 3_000), "instagram": PlatformLimit(characters: 2_200),
    "facebook": PlatformLimit(characters: 63_206), "pinterest": PlatformLimit(characters: 500),
    "tiktok": PlatformLimit(characters: 2_200), "youtube": PlatformLimit(characters: 5_000),
  ]

  private static let linkWeight = 23
  private static let lightScalars: [ClosedRange<UInt32>] = [0...4_351, 8_192...8_205, 8_208...8_223, 8_242...8_247]

  /// What text, hashtags and link take together, each apart from the next by one character.
  func used(text: String, hashtags: [String], link: String) -> Int {
    var total = count(text)
    if !hashtags.isEmpty { total += 1 + count(hashtags.map { "#" + $0 }.joined(separator: " ")) }
    if !link.isEmpty { total += 1 + (isWeighted ? Self.linkWeight : link.count) }
    return total
  }

  private func count(_ text: String) -> Int {
    guard isWeighted else { return text.count }
    return text.reduce(0) { sum, character in
      let isPicture = character.unicodeScalars.count > 1 && character.unicodeScalars.contains { $0.properties.isEmoji }
      if isPicture { return sum + 2 }
      return sum
        + character.unicodeScalars.reduce(0) { weight, scalar in
          weight + (Self.lightScalars.contains { $0.contains(scalar.value) } ? 1 : 2)
        }
    }
  }
}
