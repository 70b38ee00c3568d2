// How much of what a platform takes a post uses, counted as the platform does. For the person who looks: nothing is refused
// by it, and the importer's look at the text alone is another one.
import ClientCore

/// The text limit of one platform.
struct PlatformLimit: Sendable {
  var characters: Int
  /// X counts a link as 23 and characters of many scripts twice.
  var isWeighted = false

  private static let weighted: Set<String> = ["x"]

  /// Of a platform that is not known there is nothing to say.
  static func of(_ platform: String) -> PlatformLimit? {
    KnownPlatforms.textLimits[platform].map { PlatformLimit(characters: $0, isWeighted: weighted.contains(platform)) }
  }

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
