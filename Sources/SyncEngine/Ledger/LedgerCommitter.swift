// Decides a group of envelopes against one tenant's store: exactly once a number, by the rules, as one batch to write.
// It is driven by one writer and does no I/O but the store's reads.
import ReviewModel
import ReviewRules
import Storage
import Trust

/// What the committer must know of its server.
package struct LedgerIdentity: Sendable, Hashable {
  /// The log's origin: `<server name>/<tenant id>/<epoch>`.
  package var origin: String
  /// SHA-256 of the server's public key: the device that the server signs as.
  package var serverDevice: Digest

  package init(origin: String, serverDevice: Digest) {
    self.origin = origin
    self.serverDevice = serverDevice
  }

  package static func origin(serverName: String, tenant: TenantID, epoch: EpochID) -> String {
    "\(serverName)/\(tenant)/\(epoch)"
  }
}

package struct LedgerCommitter: Sendable {
  private let store: any TenantStore
  private let identity: LedgerIdentity
  /// Kept from group to group; read from the store whenever it is not where the store is.
  private var frontier: MerkleFrontier?
  /// What was being decided when the server crashed, and how often.
  private var suspects: [Digest: UInt32]
  /// The rules that decide from now on.
  package var edition: RulesEdition
  /// In a replay: what was decided when the words were there.
  var recorded: RecordedDecision?

  /// - Parameter suspects: the deciding markers that were found when the store was opened.
  package init(
    store: any TenantStore, identity: LedgerIdentity, suspects: [DecidingMarker] = [], edition: RulesEdition = RulesEdition()
  ) {
    self.store = store
    self.edition = edition
    self.identity = identity
    self.suspects = Dictionary(suspects.map { ($0.hash, $0.crashCount) }, uniquingKeysWith: max)
  }

  /// Whether this envelope was being decided in a crash: it is decided alone.
  package func isSuspect(_ hash: Digest) -> Bool { suspects[hash] != nil }

  /// Whether anything has to be decided alone.
  package var hasSuspects: Bool { !suspects.isEmpty }

  /// Makes an envelope be parked as a server fault, as an earlier run of the server decided: for replays.
  package mutating func park(_ hash: Digest) { suspects[hash] = LedgerLimits.crashesUntilParked }

  /// Decides the group, lane 0 first, otherwise in the order given.
  /// - Throws: what the store throws; then nothing is decided.
  package func decide(_ group: [VerifiedEnvelope], nowMilliseconds: UInt64) throws(StorageError) -> GroupDecision {
    let state = try store.state()
    var work = try GroupWork(
      store: store, identity: identity, state: state, frontier: frontier, nowMilliseconds: nowMilliseconds,
      edition: edition, recorded: recorded)
    var results = [SubmissionResult?](repeating: nil, count: group.count)
    let order = group.indices.filter { group[$0].envelope.lane == 0 } + group.indices.filter { group[$0].envelope.lane != 0 }
    for index in order {
      let isFaulty = (suspects[group[index].signed.hash] ?? 0) >= LedgerLimits.crashesUntilParked
      results[index] = try work.submit(group[index], isFaulty: isFaulty)
    }
    let batch = work.finish()
    return GroupDecision(
      results: results.map { work.withCommitSeq($0 ?? .numberGap) }, batch: batch, restsOnRecord: work.restsOnRecord,
      frontier: work.frontier)
  }

  /// Notes that the decision's batch was written.
  package mutating func committed(_ decision: GroupDecision) {
    frontier = decision.frontier
    for entry in decision.batch?.entries ?? [] { suspects[entry.envelope.hash] = nil }
  }

  /// Forgets what it holds in memory of the store, after a write that failed.
  package mutating func writeFailed() { frontier = nil }
}
