// What lists show: one line for each subject, taken from the cache's index without opening any entity.

/// A post or document as a list shows it.
public struct SubjectSummary: Sendable, Hashable, Codable {
  /// The subject's id, 32 hexadecimal digits. (`post` in JSON, documents too.)
  public var post: String
  /// The item's id; empty for documents.
  public var item: String
  /// The campaign's name.
  public var campaign: String
  /// The campaign's id.
  public var campaignID: String
  public var platform: String
  public var account: String
  public var locale: String
  /// Empty for posts.
  public var documentKind: String
  /// The raw value of the subject's state: `in_review`, `approved`, `conflicted` …
  public var state: String
  /// The current revision's full digest, 64 hexadecimal digits.
  public var revision: String
  public var title: String
  public var text: String
  /// RFC 3339, UTC.
  public var updatedAt: String
  /// Whether this member may decide it and has not.
  public var waitsForMe: Bool
  /// Whether changes of this device that the server has not answered are part of what is shown.
  public var isPending: Bool
  /// Whether the text of the current revision was erased; it is empty then.
  public var isErased: Bool
  /// Why the current revision cannot be decided on here: `damaged` if what is held is not what its digest names, or `not_held`.
  /// Then the text is empty; else this is.
  public var problem = ""

  enum CodingKeys: String, CodingKey {
    case post, item, campaign, platform, account, locale, state, revision, title, text, problem
    case campaignID = "campaign_id"
    case documentKind = "document_kind"
    case updatedAt = "updated_at"
    case waitsForMe = "waits_for_me"
    case isPending = "pending"
    case isErased = "erased"
  }
}

/// Which subjects a list shows.
public struct SubjectQuery: Sendable, Hashable {
  /// A campaign's name, or the beginning of its id.
  public var campaign: String?
  public var platform: String?
  /// Raw values of states; empty for every state.
  public var states: [String]
  /// Only what waits for this member's decision.
  public var waitsForMe: Bool
  /// At most so many.
  public var limit: Int

  /// Every subject unless narrowed.
  public init(
    campaign: String? = nil, platform: String? = nil, states: [String] = [], waitsForMe: Bool = false, limit: Int = 100_000
  ) {
    self.campaign = campaign
    self.platform = platform
    self.states = states
    self.waitsForMe = waitsForMe
    self.limit = limit
  }
}
