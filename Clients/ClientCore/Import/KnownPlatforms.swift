// The platforms that an import may name, and how long a text may be there. A list of facts, not of rules: what decides at
// publishing is the gate.

package enum KnownPlatforms {
  /// Characters of a text, as a reader counts them.
  package static let textLimits: [String: Int] = [
    "linkedin": 3_000, "instagram": 2_200, "x": 280, "facebook": 63_206, "bluesky": 300, "mastodon": 500, "threads": 500,
    "tiktok": 4_000, "youtube": 5_000, "pinterest": 800, "google_business": 1_500, "website": 40_000, "newsletter": 40_000,
  ]

  static var names: [String] { textLimits.keys.sorted() }
}
