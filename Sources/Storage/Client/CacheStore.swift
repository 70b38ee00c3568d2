// What a store must do for a device's cache: the server's state as far as it was received (the base), what the outbox makes
// of it (the overlay), and an index for lists. It can be thrown away and fetched again.
import ReviewModel
import Trust

package protocol CacheStore: AnyObject, Sendable {
  // MARK: Base: the server's state only

  /// Every scope that is granted, with its cursor.
  func scopes() throws(StorageError) -> [CachedScope]
  /// Notes grants: new ones begin at cursor 0; those no longer listed are dropped with their rows, what the overlay has
  /// in them, and the index rows of subjects that are in no view any more. Answers the dropped, by name.
  func grant(_ scopes: [Scope]) throws(StorageError) -> [Scope]
  /// Applies a page whole, if the scope's cursor is `from`; then it is `to`. A row counts only if its number is newer
  /// than what is held. Answers the keys whose current version changed, nil if the page did not start at the cursor (or
  /// the scope is not granted).
  func apply(_ page: CachedPage) throws(StorageError) -> Set<EntityKey>?
  /// Rows out of turn (fetched by need); the cursor stays. Rows of scopes that are not granted are passed over.
  func apply(fetched rows: [ScopedRow]) throws(StorageError) -> Set<EntityKey>
  /// The empty digest for a scope that is not granted.
  func digest(_ scope: Scope) throws(StorageError) -> ScopeDigest
  /// Replaces the rows of these leaves: rows with numbers up to `head` that are not given are gone. Newer ones stay, and so
  /// does the cursor. The leaves' sums are made anew from the payloads.
  func repair(_ scope: Scope, head: UInt64, leaves: Set<UInt8>, rows: [StoredRow]) throws(StorageError) -> Set<EntityKey>
  /// The version with the highest number among the scopes, for those keys that exist.
  func base(_ keys: [EntityKey]) throws(StorageError) -> [EntityKey: StoredEntity]
  /// Everything held, for export: sorted by scope, then key; departures are left out. The body must not call the store.
  func allRows(_ body: (Scope, StoredRow) throws -> Void) throws(StorageError)

  /// Counts every change of the base (see `OverlayPosition`).
  func baseVersion() throws(StorageError) -> UInt64

  // MARK: Overlay: base + pending = view

  /// The view: overlay where there is one (number 0: the server has not said so), else base.
  func view(_ keys: [EntityKey]) throws(StorageError) -> [EntityKey: StoredEntity]
  /// Entities of a kind that belong to a parent (see `EntityParent`), in the view.
  func children(_ kind: EntityKind, of parent: [UInt8]) throws(StorageError) -> [EntityKey: StoredEntity]
  /// Every entity of a kind in the view.
  func all(_ kind: EntityKind) throws(StorageError) -> [EntityKey: StoredEntity]
  /// Which replay the overlay is the result of.
  func overlayPosition() throws(StorageError) -> OverlayPosition
  /// Replaces the overlay's entries for these keys (nil value: no overlay; payload nil: hidden), and sets the position.
  /// With `isWhole` every other entry goes. Index rows are given for the subjects that changed.
  func update(_ overlay: OverlayUpdate) throws(StorageError)
  func overlayKeys() throws(StorageError) -> Set<EntityKey>

  // MARK: The index of subjects

  /// Replaces index rows; nil removes.
  func index(_ rows: [SubjectID: SubjectIndexRow?]) throws(StorageError)
  /// What has been unchanged longest first, then by id.
  func list(_ filter: SubjectFilter) throws(StorageError) -> [SubjectIndexRow]
  /// How many lines the index has, without reading them.
  func subjectCounts() throws(StorageError) -> SubjectCounts
  /// Full text over title, text, campaign name and platform; words are matched by prefix, all must occur. What changed
  /// last first, then by id. No words find nothing.
  func search(_ words: [String], limit: Int) throws(StorageError) -> [SubjectIndexRow]
  /// Subjects in the view whose id begins with these hexadecimal digits, ascending, at most `limit`.
  func subjects(idPrefix: String, limit: Int) throws(StorageError) -> [SubjectID]
  /// Revisions in the view whose digest begins with these hexadecimal digits, ascending, at most `limit`.
  func revisions(digestPrefix: String, limit: Int) throws(StorageError) -> [Digest]

  // MARK: Evidence of the ledger

  /// Evidence for an index that is held already takes its place.
  func append(evidence: [EvidenceRow]) throws(StorageError)
  func evidence(_ indexes: [UInt64]) throws(StorageError) -> [UInt64: EvidenceRow]
  /// By ascending index. The body must not call the store.
  func allEvidence(_ body: (EvidenceRow) throws -> Void) throws(StorageError)
  /// Ledger indexes that entities of the base name and for which no evidence is held, ascending, at most `limit`.
  func missingEvidence(limit: Int) throws(StorageError) -> [UInt64]

  func setting(_ name: String) throws(StorageError) -> String?
  func set(_ name: String, to value: String?) throws(StorageError)
  func close() throws(StorageError)
}

/// A granted scope with how far it is held.
package struct CachedScope: Sendable, Hashable {
  package var scope: Scope
  package var cursor: UInt64

  package init(scope: Scope, cursor: UInt64) {
    self.scope = scope
    self.cursor = cursor
  }
}

/// Rows of one scope with numbers in (from, to].
package struct CachedPage: Sendable, Hashable {
  package var scope: Scope
  package var from: UInt64
  package var to: UInt64
  package var rows: [StoredRow]

  package init(scope: Scope, from: UInt64, to: UInt64, rows: [StoredRow]) {
    self.scope = scope
    self.from = from
    self.to = to
    self.rows = rows
  }
}

/// A row with the scope that it is in.
package struct ScopedRow: Sendable, Hashable {
  package var scope: Scope
  package var row: StoredRow

  package init(scope: Scope, row: StoredRow) {
    self.scope = scope
    self.row = row
  }
}

/// What an overlay was computed from: outbox rows up to one, on a state of the base.
package struct OverlayPosition: Sendable, Hashable {
  /// The outbox version (`OutboxStore.version`) at the computation.
  package var outboxVersion: UInt64
  /// Counts every change of the base.
  package var baseVersion: UInt64

  package init(outboxVersion: UInt64, baseVersion: UInt64) {
    self.outboxVersion = outboxVersion
    self.baseVersion = baseVersion
  }
}

/// What a replay makes of the overlay and the index, written together.
package struct OverlayUpdate: Sendable {
  package var entries: [EntityKey: OverlayEntry?]
  package var isWhole: Bool
  package var position: OverlayPosition
  package var index: [SubjectID: SubjectIndexRow?]

  package init(
    entries: [EntityKey: OverlayEntry?], isWhole: Bool, position: OverlayPosition, index: [SubjectID: SubjectIndexRow?]
  ) {
    self.entries = entries
    self.isWhole = isWhole
    self.position = position
    self.index = index
  }
}

/// What the pending mutations make of one entity.
package struct OverlayEntry: Sendable, Hashable {
  package var scope: Scope
  /// Nil: gone.
  package var payload: [UInt8]?

  package init(scope: Scope, payload: [UInt8]?) {
    self.scope = scope
    self.payload = payload
  }
}

/// A line of a list: what `queue` shows without opening any entity.
package struct SubjectIndexRow: Sendable, Hashable {
  package var subject: SubjectID
  package var item: ItemID?
  package var campaign: CampaignID
  package var campaignName: String
  package var platform: String
  package var account: String
  package var locale: String
  package var documentKind: String
  /// The raw value of `SubjectState`.
  package var state: String
  /// The current revision; the first of several heads.
  package var revision: Digest
  package var title: String
  package var text: String
  package var updatedMilliseconds: UInt64
  /// Whether this device's member may decide it and has not.
  package var waitsForMe: Bool
  /// Whether a pending mutation of this device is part of what is shown.
  package var isPending: Bool

  package init(
    subject: SubjectID, item: ItemID?, campaign: CampaignID, campaignName: String, platform: String, account: String,
    locale: String, documentKind: String, state: String, revision: Digest, title: String, text: String,
    updatedMilliseconds: UInt64, waitsForMe: Bool, isPending: Bool
  ) {
    self.subject = subject
    self.item = item
    self.campaign = campaign
    self.campaignName = campaignName
    self.platform = platform
    self.account = account
    self.locale = locale
    self.documentKind = documentKind
    self.state = state
    self.revision = revision
    self.title = title
    self.text = text
    self.updatedMilliseconds = updatedMilliseconds
    self.waitsForMe = waitsForMe
    self.isPending = isPending
  }
}

/// How many subjects there are, and how many of them wait for this device's member.
package struct SubjectCounts: Sendable, Hashable {
  package var all: Int
  package var waitingForMe: Int

  package init(all: Int, waitingForMe: Int) {
    self.all = all
    self.waitingForMe = waitingForMe
  }
}

/// Which index rows a list holds.
package struct SubjectFilter: Sendable, Hashable {
  package var campaign: CampaignID?
  package var platform: String?
  package var states: [String] = []
  /// Only what waits for this member's decision.
  package var waitsForMe = false
  package var limit = 100_000

  package init() {}
}

/// A ledger entry that this device holds, with the proof that it is in the log.
package struct EvidenceRow: Sendable, Hashable {
  package var index: UInt64
  package var leafRecord: [UInt8]
  package var envelope: SignedEnvelope
  /// The size of the checkpoint that the proof is for.
  package var size: UInt64
  package var inclusion: [Digest]

  package init(index: UInt64, leafRecord: [UInt8], envelope: SignedEnvelope, size: UInt64, inclusion: [Digest]) {
    self.index = index
    self.leafRecord = leafRecord
    self.envelope = envelope
    self.size = size
    self.inclusion = inclusion
  }
}
