// What a store must do for one tenant on the server: ledger, change log and outcomes of one tenant, in one transaction.
// Synchronous and batched, so that a commit is few round trips and nothing needs shared memory; shells run it off the
// cooperative pool. Readers may call from any thread while one writer commits.
import ReviewModel
import Trust

/// The whole of one tenant's state on the server.
package protocol TenantStore: AnyObject, Sendable {
  /// Where the tenant stands.
  func state() throws(StorageError) -> TenantState

  // MARK: What deciding needs

  /// The current version of each entity that exists and has not departed; the rest are absent from the answer.
  func load(_ keys: [EntityKey]) throws(StorageError) -> [EntityKey: StoredEntity]
  /// The last ledger index that touched each key, where one did.
  func lastTouches(_ keys: [EntityKey]) throws(StorageError) -> [EntityKey: UInt64]
  /// The last decided number and hash of each of a device's lanes.
  func lanes(of device: Digest) throws(StorageError) -> [UInt32: LanePosition]
  /// The entry that a device's lane has under a number.
  func entry(device: Digest, lane: UInt32, number: UInt64) throws(StorageError) -> LedgerEntry?
  /// The entry that decided this mutation (see `LedgerEntry.givesWay`).
  func entry(mutation: MutationID) throws(StorageError) -> LedgerEntry?
  /// Which ledger entries are marked as being decided, and how often each was found so after a crash.
  func decidingMarkers() throws(StorageError) -> [DecidingMarker]

  // MARK: The log

  /// Entries in [from, from + limit), ascending.
  func entries(from index: UInt64, limit: Int) throws(StorageError) -> [LedgerEntry]
  func entry(index: UInt64) throws(StorageError) -> LedgerEntry?
  /// The hash of a complete subtree of the Merkle tree: leaves [index << level, (index + 1) << level).
  /// - Throws: `notFound` if it is not there.
  func merkleNode(level: UInt8, index: UInt64) throws(StorageError) -> Digest
  /// The parts that are still there, by digest.
  func parts(_ digests: [Digest]) throws(StorageError) -> [Digest: Part]

  // MARK: What sessions read

  /// Rows of a scope with numbers in (after, through], ascending, as many as fit into the byte limit (at least one).
  /// Departures are left out when `includesDepartures` is false (a fresh cursor).
  func page(_ request: PageRequest) throws(StorageError) -> StoredPage
  /// The newest number of each scope, 0 for scopes without rows.
  func heads(_ scopes: [Scope]) throws(StorageError) -> [Scope: UInt64]
  /// The digest of a scope at its head.
  func digest(_ scope: Scope) throws(StorageError) -> (head: UInt64, digest: ScopeDigest)
  /// The rows of one digest leaf, without departures.
  func leafRows(_ scope: Scope, leaf: UInt8) throws(StorageError) -> [StoredRow]
  /// Every current entity of a kind in a scope, newest first.
  func entities(_ kind: EntityKind, in scope: Scope, limit: Int) throws(StorageError) -> [StoredRow]
  /// Every current campaign of the tenant, whatever its scope; ascending by id.
  func campaigns() throws(StorageError) -> [StoredEntity]

  // MARK: Writing

  /// Marks envelopes as being decided, durably, before they are; a crash while deciding finds them again. A marker that was
  /// found counts the next crash only once it is set again, and an orderly `close` is no crash.
  func mark(deciding hashes: [Digest]) throws(StorageError)
  /// Writes a commit whole or not at all, durably (synchronous = FULL), and removes its deciding markers. Parts that it
  /// erases are gone with it, also those that it brings. After an erasure a store clears what it keeps beside its file of
  /// replaced content, once and without waiting long for readers: what stays is cleared by the next erasure or by `close`,
  /// and is no error of the commit.
  /// - Throws: `headMoved` if the store is not where the batch expects it; `conflict` if the batch contradicts itself.
  func write(_ batch: CommitBatch) throws(StorageError)
  /// Forgets for good what nobody needs any more; numbers, heads and the ledger stay as they are.
  func discard(_ discard: StoreDiscard) throws(StorageError)
  /// Lets go of everything; closing again does nothing, and every other call then throws `closed`.
  func close() throws(StorageError)
}

/// What a store may forget, by the number of the row.
package struct StoreDiscard: Sendable, Hashable {
  /// Departures up to here: a device whose cursor is older finds out by its digest, and is repaired.
  package var departuresThrough: UInt64
  /// Stages up to here that no import took.
  package var stagesThrough: UInt64

  package init(departuresThrough: UInt64, stagesThrough: UInt64) {
    self.departuresThrough = departuresThrough
    self.stagesThrough = stagesThrough
  }
}

/// Where a tenant stands.
package struct TenantState: Sendable, Hashable {
  /// The number of the newest row of the change log.
  package var seq: UInt64
  package var ledgerSize: UInt64
  package var tenant: TenantID
  package var epoch: EpochID

  package init(seq: UInt64, ledgerSize: UInt64, tenant: TenantID, epoch: EpochID) {
    self.seq = seq
    self.ledgerSize = ledgerSize
    self.tenant = tenant
    self.epoch = epoch
  }
}

/// An entity as it is stored.
package struct StoredEntity: Sendable, Hashable {
  package var scope: Scope
  package var seq: UInt64
  package var payload: [UInt8]

  package init(scope: Scope, seq: UInt64, payload: [UInt8]) {
    self.scope = scope
    self.seq = seq
    self.payload = payload
  }
}

/// A row of the change log: an entity's last change in a scope.
package struct StoredRow: Sendable, Hashable {
  package var key: EntityKey
  package var seq: UInt64
  /// Nil for a departure.
  package var payload: [UInt8]?

  package init(key: EntityKey, seq: UInt64, payload: [UInt8]?) {
    self.key = key
    self.seq = seq
    self.payload = payload
  }

  /// What the row counts against the byte limit of a page: id, payload, and 16 bytes for kind, number and framing.
  package var byteCount: Int { key.id.count + (payload?.count ?? 0) + 16 }
}

/// Which rows of a scope are wanted, and how many at the most.
package struct PageRequest: Sendable, Hashable {
  package var scope: Scope
  package var after: UInt64
  package var through: UInt64
  package var byteLimit: Int
  package var rowLimit: Int
  package var includesDepartures: Bool

  package init(scope: Scope, after: UInt64, through: UInt64, byteLimit: Int, rowLimit: Int, includesDepartures: Bool) {
    self.scope = scope
    self.after = after
    self.through = through
    self.byteLimit = byteLimit
    self.rowLimit = rowLimit
    self.includesDepartures = includesDepartures
  }
}

/// Rows of a scope, ascending.
package struct StoredPage: Sendable, Hashable {
  package var rows: [StoredRow]
  /// Rows in (last row, through] that the page had no room for.
  package var remaining: UInt64

  package init(rows: [StoredRow], remaining: UInt64) {
    self.rows = rows
    self.remaining = remaining
  }
}

/// The last number decided in a lane and the hash of that envelope.
package struct LanePosition: Sendable, Hashable {
  package var number: UInt64
  package var hash: Digest

  package init(number: UInt64, hash: Digest) {
    self.number = number
    self.hash = hash
  }
}

/// An envelope that was being decided, with how often that ended in a crash.
package struct DecidingMarker: Sendable, Hashable {
  package var hash: Digest
  /// How many crashes there were while it was being decided: openings that found it set. 0 until the first.
  package var crashCount: UInt32

  package init(hash: Digest, crashCount: UInt32) {
    self.hash = hash
    self.crashCount = crashCount
  }
}
