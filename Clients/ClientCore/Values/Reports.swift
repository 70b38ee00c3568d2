// What commands report: the results of changes, of syncing, the status and the audit.
import ReviewModel
import ReviewRules

/// What became of one target of a change, as this device predicts it or the server has answered.
public struct ChangeResult: Sendable, Hashable, Codable {
  public var post: String
  public var revision: String
  /// `queued`, `applied`, `rejected`, `parked` or `damaged`.
  public var status: String
  /// The refusal's code, empty if there is none: `stale_revision` …
  public var code: String
  /// A sentence for a person, empty if there is nothing to say.
  public var reason: String
  /// What would make it succeed, in a sentence; empty if nothing was refused.
  public var remedy: String
  /// The command's exit code for this target.
  public var exit: Int32
  /// What an erasure names, as kind and id: `comment/0123…`. Empty for every other change.
  public var target: String

  /// Of every code, made once: a change may have ten thousand targets.
  private static let remedies: [String: String] = Dictionary(
    uniqueKeysWithValues: RefusalCode.allCases.map { ($0.name, $0.remedy) })

  /// The pieces as they stand, and the remedy that belongs to the code.
  public init(
    post: String, revision: String, status: String, code: String, reason: String, exit: Int32, target: String = ""
  ) {
    self.post = post
    self.revision = revision
    self.status = status
    self.code = code
    self.reason = reason
    self.remedy = code.isEmpty ? "" : Self.remedies[code] ?? ""
    self.exit = exit
    self.target = target
  }
}

/// What a change did: the mutations it queued, and a result for each target.
public struct ChangeReport: Sendable, Hashable, Codable {
  /// Ids of the mutations that were queued; empty if every target was refused here.
  public var mutations: [String]
  public var results: [ChangeResult]
}

/// Where a sync is.
public struct SyncProgress: Sendable, Hashable, Codable {
  /// `connecting`, `sending`, `receiving`, `proving`, `done`.
  public var phase: String
  public var rowsReceived: UInt64
  /// Rows still to come as far as is known.
  public var rowsRemaining: UInt64
  public var mutationsSent: UInt64
  public var mutationsRemaining: UInt64

  enum CodingKeys: String, CodingKey {
    case phase
    case rowsReceived = "rows_received"
    case rowsRemaining = "rows_remaining"
    case mutationsSent = "mutations_sent"
    case mutationsRemaining = "mutations_remaining"
  }
}

/// What one sync did.
public struct SyncReport: Sendable, Hashable, Codable {
  /// The newest number of the change log that this device has reached.
  public var head: UInt64
  public var epoch: String
  /// Mutations answered in this sync.
  public var sent: Int
  /// Rows received.
  public var received: Int
  public var refused: Int
  public var parked: Int
  /// `match`, `repaired` if a scope's digest had differed and was mended, or `unknown`: another process holds the
  /// connection, and the server has told it nothing in all that time.
  public var digest: String
  /// Mutations that the server has not answered.
  public var unsent: Int

  static let unknownDigest = "unknown"

  /// Whether the server was heard from: if not, this device may hold less than the server does.
  public var isConfirmed: Bool { digest != Self.unknownDigest }
}

/// A refused, parked or damaged mutation with everything a person needs to go on.
public struct OutcomeReport: Sendable, Hashable, Codable {
  public var mutation: String
  /// `applied`, `rejected`, `parked`, `staged` or `damaged`.
  public var status: String
  public var code: String
  /// Why, in a sentence.
  public var reason: String
  /// What would make it succeed.
  public var remedy: String
  public var post: String
  /// What an erasure names, as kind and id: `comment/0123…`. Empty for every other change.
  public var target = ""
  /// What the member had said: the kind of mutation, verdict, words, and the revision that was seen.
  public var original: Original
  /// The revision that is current now (the first of several), empty if this device does not know.
  public var current: String
  /// What else is to be known of it: `conflicted`, `withdrawn`, `erased`, `damaged`, `not_held` (the text), or `gone` if this
  /// device does not hold the post any more; else empty.
  public var currentState = ""
  /// From what was seen to what is current, if this device holds both.
  public var diff: RevisionDiff?
  /// RFC 3339, UTC.
  public var at: String
  public var ledgerIndex: UInt64?
  /// `acknowledged` or `proved`.
  public var evidence: String

  /// The member's own words.
  public struct Original: Sendable, Hashable, Codable {
    public var kind: String
    public var verdict: String
    public var revision: String
    public var words: String
  }

  enum CodingKeys: String, CodingKey {
    case mutation, status, code, reason, remedy, post, target, original, current, diff, at, evidence
    case currentState = "current_state"
    case ledgerIndex = "ledger_index"
  }
}

extension SubjectQuery {
  /// Every state that a subject can be in, as `states` takes them.
  public static let knownStates: [String] = SubjectState.allCases.map(\.rawValue)
}

/// A pause on publishing that nobody has lifted.
public struct PauseReport: Sendable, Hashable, Codable {
  public var pause: String
  /// RFC 3339, UTC.
  public var at: String
  public var member: String
  public var reason: String
  /// What it stops, as ids and a platform's name: the whole tenant if all three are empty.
  public var post: String
  public var campaign: String
  public var platform: String
  /// The server has not answered: it is not in force.
  public var isPending: Bool

  enum CodingKeys: String, CodingKey {
    case pause, at, member, reason, post, campaign, platform
    case isPending = "pending"
  }
}

/// A revocation that the server has not answered: it is not in force.
public struct RevocationReport: Sendable, Hashable, Codable {
  /// 64 hexadecimal digits.
  public var device: String
  public var name: String
  /// Whose it is.
  public var member: String
}

/// One screen about this device.
public struct StatusReport: Sendable, Hashable, Codable {
  public var profile: String
  public var tenant: String
  public var tenantID: String
  public var server: String
  public var member: String
  public var memberID: String
  public var roles: [String]
  public var device: String
  public var rootFingerprint: String
  /// `synced`, `never_synced`, `syncing` (another process holds the lock), `failing` (the last try did not succeed) or
  /// `stopped` with the reason in `connectionDetail`.
  public var connection: String
  public var connectionDetail: String
  /// Why the session has stopped, as a stable word: `device_revoked`, `not_the_server`, `rolled_back` …; else empty.
  public var stop = ""
  public var head: UInt64
  public var epoch: String
  public var lastSyncedAt: String
  /// When the last try failed, and why; empty if the last one reached the server.
  public var failedTryAt: String
  public var failedTryReason: String
  /// When a process that runs the live session tries again; empty if none does.
  public var nextTryAt: String
  public var unsent: Int
  public var oldestUnsentAt: String
  public var refused: Int
  /// Those of them that nobody has looked at with `outcomes` yet.
  public var refusedUnseen: Int
  public var parked: Int
  public var checkpointSize: UInt64
  public var checkpointRoot: String
  /// The device's clock less the server's, as measured at the last sync.
  public var clockSkewMilliseconds: Int64
  public var posts: Int
  public var waitingForMe: Int
  /// Pauses on publishing, the oldest first.
  public var pauses: [PauseReport] = []
  /// Devices that were revoked here and that the server still takes.
  public var pendingRevocations: [RevocationReport] = []

  enum CodingKeys: String, CodingKey {
    case profile, tenant, server, member, roles, device, connection, stop, head, epoch, unsent, refused, parked, posts, pauses
    case tenantID = "tenant_id"
    case memberID = "member_id"
    case rootFingerprint = "root_fingerprint"
    case connectionDetail = "connection_detail"
    case lastSyncedAt = "last_synced_at"
    case failedTryAt = "failed_try_at"
    case failedTryReason = "failed_try_reason"
    case nextTryAt = "next_try_at"
    case oldestUnsentAt = "oldest_unsent_at"
    case checkpointSize = "checkpoint_size"
    case checkpointRoot = "checkpoint_root"
    case clockSkewMilliseconds = "clock_skew_ms"
    case waitingForMe = "waiting_for_me"
    case refusedUnseen = "refused_unseen"
    case pendingRevocations = "pending_revocations"
  }
}

/// What an audit of this device's evidence found.
public struct AuditReport: Sendable, Hashable, Codable {
  /// Whether nothing is wrong and nothing is left to be proved.
  public var ok: Bool
  /// Of the newest checkpoint: how many entries the ledger has, and the hash of their tree.
  public var size: UInt64
  public var root: String
  /// The fingerprint of the key that the tenant's other keys rest on; empty while none is named.
  public var rootKey = ""
  public var signaturesChecked: Int
  /// Devices whose binding to their member rests on the server's word alone.
  public var serverVouched: Int
  public var entriesChecked: Int
  public var checkpointsChecked: Int
  public var outcomesProved: Int
  /// Decisions and revisions whose evidence this device has not fetched yet: nothing is wrong with them, nothing is proved.
  public var awaitingProof: Int
  /// Entries that were checked without words of theirs, which were erased: what needs those is taken from the record.
  public var erased = 0
  /// Each one a sentence; empty if ok.
  public var problems: [String]

  enum CodingKeys: String, CodingKey {
    case ok, size, root, erased, problems
    case rootKey = "root_key"
    case signaturesChecked = "signatures_checked"
    case serverVouched = "server_vouched"
    case entriesChecked = "entries_checked"
    case checkpointsChecked = "checkpoints_checked"
    case outcomesProved = "outcomes_proved"
    case awaitingProof = "awaiting_proof"
  }
}
