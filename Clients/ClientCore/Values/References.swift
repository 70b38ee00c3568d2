// Small values of commands: references, edits, campaigns, members, and what imports and undoing did.

/// What a person's short reference stands for.
public struct SubjectReference: Sendable, Hashable, Codable {
  /// The subject's full id, 32 hexadecimal digits.
  public var post: String
  /// The revision behind the `@`, in full; nil if none was given.
  public var revision: String?
  /// The current revision, the first of several heads.
  public var current: String
}

/// What changes in a new revision; nil leaves a field as it is.
public struct RevisionEdit: Sendable, Hashable, Codable {
  public var text: String?
  public var hashtags: [String]?
  public var link: String?
  public var altText: String?
  /// Documents only.
  public var title: String?

  /// Nothing changes unless given.
  public init(
    text: String? = nil, hashtags: [String]? = nil, link: String? = nil, altText: String? = nil, title: String? = nil
  ) {
    self.text = text
    self.hashtags = hashtags
    self.link = link
    self.altText = altText
    self.title = title
  }
}

/// A campaign in a list.
public struct CampaignSummary: Sendable, Hashable, Codable {
  /// 32 hexadecimal digits.
  public var campaign: String
  /// `(erased)` with the beginning of the id, if it is gone.
  public var name: String
  public var brief: String
  /// Whether every member belongs to it.
  public var includesEveryone: Bool
  /// Names of its members, if not everyone.
  public var members: [String]
  public var posts: Int
  public var waitingForMe: Int

  enum CodingKeys: String, CodingKey {
    case campaign, name, brief, members, posts
    case includesEveryone = "everyone"
    case waitingForMe = "waiting_for_me"
  }
}

/// A member in a list.
public struct MemberSummary: Sendable, Hashable, Codable {
  /// 32 hexadecimal digits.
  public var member: String
  /// `(erased)` with the beginning of the id, if it is gone.
  public var name: String
  public var roles: [String]
  public var isRemoved: Bool
  public var devices: [Device]

  /// One of a member's devices.
  public struct Device: Sendable, Hashable, Codable {
    /// 64 hexadecimal digits.
    public var device: String
    public var name: String
    /// `admin_signed`, `server_vouched` or `device_vouched`.
    public var binding: String
    public var isRevoked: Bool
    /// The server has not answered the revocation: it is not in force.
    public var isPending = false

    enum CodingKeys: String, CodingKey {
      case device, name, binding
      case isRevoked = "revoked"
      case isPending = "pending"
    }
  }

  enum CodingKeys: String, CodingKey {
    case member, name, roles, devices
    case isRemoved = "removed"
  }
}

/// What an import queued.
public struct ImportReport: Sendable, Hashable, Codable {
  /// 32 hexadecimal digits.
  public var batch: String
  /// The campaign's id, 32 hexadecimal digits.
  public var campaign: String
  public var isNewCampaign: Bool
  public var items: Int
  public var posts: Int
  /// Ids of the mutations that were queued, the batch's own last.
  public var mutations: [String]

  enum CodingKeys: String, CodingKey {
    case batch, campaign, items, posts, mutations
    case isNewCampaign = "new_campaign"
  }
}

/// What undoing took back, and what it could not.
public struct UndoReport: Sendable, Hashable, Codable {
  /// Commands that were taken back, newest first.
  public var undone: [Entry]
  /// Commands that may have reached the server, each with what to do instead.
  public var tooLate: [Entry]

  /// One command.
  public struct Entry: Sendable, Hashable, Codable {
    public var mutations: [String]
    /// The newest mutation's kind, as outcomes tell it: `decide`, `comment` …
    public var kind: String
    /// What it was, in the words of the commands: `approve of 3 posts`.
    public var what: String
    /// The ids of the posts that it was about.
    public var posts: [String]
    /// The text of the post, if it was about one only that this device holds.
    public var text: String
    /// What to do instead; empty if it was undone.
    public var instead: String
  }

  /// The pieces as they stand.
  package init(undone: [Entry], tooLate: [Entry]) {
    self.undone = undone
    self.tooLate = tooLate
  }

  enum CodingKeys: String, CodingKey {
    case undone
    case tooLate = "too_late"
  }
}

/// An invitation that an admin's device has signed.
public struct InvitationReport: Sendable, Hashable, Codable {
  /// To be given to the person; it holds a secret until it is used.
  public var code: String
  /// The member's id, 32 hexadecimal digits.
  public var member: String
  /// The mutation that makes it known; the code works once the server has answered it.
  public var mutation: String
}

/// What became of a sync that was tried within a time.
public enum SyncAttempt: Sendable, Hashable {
  case synced(SyncReport)
  /// Another process of this profile syncs and was woken.
  case poked
  /// Why the server could not be reached.
  case unreachable(String)
  case timedOut
  /// Why the server refused, or the session stopped.
  case refused(String)
}

/// What a live session tells.
public enum ClientEvent: Sendable, Hashable {
  case connected
  /// With the time until the next attempt; nil when there will be none.
  case disconnected(reason: String, retryAfterMilliseconds: UInt64?)
  /// Ids of subjects whose view changed.
  case changed([String])
  case outcome(OutcomeReport)
  case progress(SyncProgress)
}
