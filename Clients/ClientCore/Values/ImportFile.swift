// A batch as an editor writes it: campaign, items, posts. Reading it from JSON or CSV finds every fault at once.

/// The contents of an import file.
public struct ImportFile: Sendable, Hashable, Codable {
  /// The campaign's name; it is created if there is none of this name.
  public var campaign: String
  public var items: [Item]

  /// A message with a post for each platform.
  public struct Item: Sendable, Hashable, Codable {
    public var theme: String
    public var canonical: String
    public var posts: [Post]
  }

  /// One post.
  public struct Post: Sendable, Hashable, Codable {
    public var platform: String
    public var account: String?
    public var locale: String?
    public var arm: String?
    public var text: String
    public var hashtags: [String]?
    public var link: String?
    /// File names, relative to the import file.
    public var media: [String]?
    public var altText: String?
    public var provenance: RevisionDetail.Provenance?

    enum CodingKeys: String, CodingKey {
      case platform, account, locale, arm, text, hashtags, link, media, provenance
      case altText = "alt_text"
    }
  }
}

/// One fault of an import file.
public struct ImportFault: Sendable, Hashable, Codable {
  /// The line of the file, counted from 1.
  public var line: Int
  /// Where in the structure: `items[2].posts[0].platform`.
  public var path: String
  /// What is wrong and what would be right.
  public var problem: String
}
