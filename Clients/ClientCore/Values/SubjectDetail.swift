// What `show`, `log` and `thread` show of one subject.

/// One revision with its whole content.
public struct RevisionDetail: Sendable, Hashable, Codable {
  /// 64 hexadecimal digits.
  public var digest: String
  /// The names of its authors.
  public var authors: [String]
  /// Digests of the revisions it was made from.
  public var parents: [String]
  public var title: String
  public var text: String
  public var hashtags: [String]
  public var link: String
  public var media: [Media]
  public var altText: String
  public var provenance: Provenance?
  /// Whether its content was erased; the fields above are empty then.
  public var isErased: Bool
  public var isDraft: Bool
  /// RFC 3339, UTC.
  public var createdAt: String
  /// Why it cannot be decided on here: `damaged` if what is held is not what its digest names, or `not_held`. Then every field
  /// that its text or its row would tell is empty; else this is.
  public var problem = ""

  /// A file that belongs to a revision.
  public struct Media: Sendable, Hashable, Codable {
    public var name: String
    /// SHA-256, 64 hexadecimal digits.
    public var digest: String
    /// In bytes.
    public var size: UInt64
    /// The media type.
    public var kind: String
    /// `pending` while only the file's digest, size and kind are known to the server.
    public var state: String
  }

  /// Where a text came from, when no member wrote it.
  public struct Provenance: Sendable, Hashable, Codable {
    public var agent: String
    public var prompt: String
    public var promptVersion: String
    public var model: String

    enum CodingKeys: String, CodingKey {
      case agent, prompt, model
      case promptVersion = "prompt_version"
    }
  }

  enum CodingKeys: String, CodingKey {
    case digest, authors, parents, title, text, hashtags, link, media, provenance, problem
    case altText = "alt_text"
    case isErased = "erased"
    case isDraft = "draft"
    case createdAt = "created_at"
  }
}

/// One decision, standing or not.
public struct DecisionDetail: Sendable, Hashable, Codable {
  public var decision: String
  public var member: String
  /// `approve`, `hold`, `request_changes`, `reject`.
  public var verdict: String
  public var revision: String
  public var reason: String
  /// RFC 3339, UTC; the server's time, or this device's while it is pending.
  public var at: String
  /// `standing`, `replaced`, `withdrawn`, or `past` (on a revision that is no longer current).
  public var status: String
  public var isPending: Bool
  /// The ledger entry that holds it.
  public var ledgerIndex: UInt64?
  /// Whether its reason was erased; it is empty then.
  public var isErased: Bool

  enum CodingKeys: String, CodingKey {
    case decision, member, verdict, revision, reason, at, status
    case isErased = "erased"
    case isPending = "pending"
    case ledgerIndex = "ledger_index"
  }
}

/// That a reviewer has asked another one to decide in their place: their names.
public struct DelegationDetail: Sendable, Hashable, Codable {
  public var member: String
  public var delegate: String
}

/// One remark.
public struct CommentDetail: Sendable, Hashable, Codable {
  public var comment: String
  public var thread: String
  public var member: String
  public var text: String
  /// RFC 3339, UTC.
  public var at: String
  public var isEdited: Bool
  public var isInternal: Bool
  public var isThreadResolved: Bool
  public var isPending: Bool
  /// Whether its text was erased; it is empty then.
  public var isErased: Bool

  enum CodingKeys: String, CodingKey {
    case comment, thread, member, text, at
    case isErased = "erased"
    case isEdited = "edited"
    case isInternal = "internal"
    case isThreadResolved = "resolved"
    case isPending = "pending"
  }
}

/// Everything about one subject that this device holds.
public struct SubjectDetail: Sendable, Hashable, Codable {
  public var summary: SubjectSummary
  /// The arm of an experiment; empty for the only one.
  public var arm: String
  /// `(erased)` with the beginning of the item's id, if it is gone.
  public var theme: String
  public var canonical: String
  /// The current revision, or all heads of a conflict.
  public var heads: [RevisionDetail]
  /// The draft that waits among the editors, if this member may see it.
  public var draft: RevisionDetail?
  /// How many approvals the bound policy asks for, and how many count now.
  public var approvalsNeeded: Int
  public var approvalsGiven: Int
  public var decisions: [DecisionDetail]
  public var comments: [CommentDetail]
  /// Names of the members who are asked to decide.
  public var assigned: [String]
  /// Who has asked whom to decide in their place.
  public var delegations: [DelegationDetail]
  /// What this member may do now: `decide`, `revise`, `submit`, `withdraw`, `merge`, `comment`.
  public var allowed: [String]

  enum CodingKeys: String, CodingKey {
    case summary, arm, theme, canonical, heads, draft, decisions, comments, assigned, delegations, allowed
    case approvalsNeeded = "approvals_needed"
    case approvalsGiven = "approvals_given"
  }
}

/// One line of a subject's history: who did what, with the ledger entry that proves it.
public struct HistoryEntry: Sendable, Hashable, Codable {
  /// RFC 3339, UTC.
  public var at: String
  public var member: String
  /// `created`, `revised`, `submitted`, `approve`, `reject (withdrawn)`, `commented` …; the same after an erasure.
  public var action: String
  /// What was said, whole; `(erased)` if it is gone.
  public var detail: String
  public var revision: String?
  public var ledgerIndex: UInt64?
  /// `proved`, `acknowledged`, `pending` or `not held`.
  public var evidence: String

  enum CodingKeys: String, CodingKey {
    case at, member, action, detail, revision, evidence
    case ledgerIndex = "ledger_index"
  }
}

/// A run of words in a comparison.
public struct DiffSegment: Sendable, Hashable, Codable {
  /// `same`, `removed` or `added`.
  public var kind: String
  public var text: String
}

/// How two revisions differ, field by field; fields that are equal are left out.
public struct RevisionDiff: Sendable, Hashable, Codable {
  public var post: String
  public var from: String
  public var to: String
  public var fields: [Field]
  /// Of a conflicted post, the comparisons with its other versions.
  public var others: [RevisionDiff] = []

  /// One field that differs.
  public struct Field: Sendable, Hashable, Codable {
    public var name: String
    public var segments: [DiffSegment]
  }
}
