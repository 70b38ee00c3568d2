// The part of a tenant's writer that has state: what the committer remembers, and each scope's newest number.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Trust

/// A commit that has become true.
package struct CommittedGroup: Sendable {
  package let batch: CommitBatch
  /// The changes by scope.
  package let changes: [ScopeChanges]
  package let results: [SubmissionResult]
  package var elapsedMilliseconds: UInt64 = 0

  /// Whether somebody's rights may have changed.
  package var changesAccess: Bool {
    batch.writes.contains { [.member, .device, .campaign].contains($0.key.kind) }
  }
}

/// What a commit changed in one scope.
package struct ScopeChanges: Sendable {
  package let scope: Scope
  /// The scope's newest number before the commit.
  package let from: UInt64
  package let writes: [EntityWrite]

  /// The same as a frame for every session that follows the scope.
  package var shared: SharedChanges {
    SharedChanges(
      scope: scope, from: from, to: writes.last?.seq ?? from,
      entries: writes.map { ChangeEntry(seq: $0.seq, key: $0.key, payload: $0.payload) })
  }
}

/// What came of a call.
package struct WriterOutcome: Sendable {
  /// What was committed, also when the store failed afterwards: that is true for good and must be told.
  package let groups: [CommittedGroup]
  /// An answer for each envelope, or why the store could not take all of them.
  package let results: Result<[SubmissionResult], StorageError>
}

package struct WriterCore: Sendable {
  private var committer: LedgerCommitter
  private var heads: [Scope: UInt64] = [:]
  /// The largest checkpoint that this server has signed and does not hold; nil while it holds all that it was shown.
  package private(set) var shown: SeenCheckpoint?

  package init(committer: LedgerCommitter) {
    self.committer = committer
  }

  /// Somebody has shown this server's own signature on this checkpoint of the tenant's log: until the ledger has that root
  /// at that size nothing is decided. Of several the largest counts, because its root tells of all that is before it.
  package mutating func stop(until checkpoint: SeenCheckpoint) {
    if let shown, shown.size >= checkpoint.size { return }
    shown = checkpoint
  }

  /// Whether the ledger of a store is that of this checkpoint, or continues it.
  package static func holds(_ checkpoint: SeenCheckpoint, in store: any TenantStore) throws(StorageError) -> Bool {
    guard try store.state().ledgerSize >= checkpoint.size else { return false }
    return try StoredProof.root(size: checkpoint.size, source: StoreNodeSource(store: store)) == checkpoint.root
  }

  /// Decides and writes; envelopes that were suspects in a crash (and those with them) one by one.
  package mutating func decide(
    _ envelopes: [VerifiedEnvelope], store: any TenantStore, now: UInt64, marksEverything: Bool
  ) -> WriterOutcome {
    var results: [SubmissionResult] = []
    var committed: [CommittedGroup] = []
    do throws(StorageError) {
      try refuseOnOldCopy(store)
      let isCareful = committer.hasSuspects && envelopes.contains { committer.isSuspect($0.signed.hash) }
      let groups = isCareful ? envelopes.map { [$0] } : [envelopes]
      for group in groups {
        if isCareful || marksEverything { try store.mark(deciding: group.map(\.signed.hash)) }
        let decision = try committer.decide(group, nowMilliseconds: now)
        if let news = try write(decision, store: store) { committed.append(news) }
        results += decision.results
      }
      return WriterOutcome(groups: committed, results: .success(results))
    } catch {
      return WriterOutcome(groups: committed, results: .failure(error))
    }
  }

  /// Nil if there was nothing to write.
  private mutating func write(
    _ decision: GroupDecision, store: any TenantStore
  ) throws(StorageError) -> CommittedGroup? {
    guard let batch = decision.batch else { return nil }
    let before = try newestNumbers(in: batch, store: store)
    do {
      try store.write(batch)
    } catch {
      committer.writeFailed()
      throw error
    }
    committer.committed(decision)
    return CommittedGroup(batch: batch, changes: changes(of: batch, after: before), results: decision.results)
  }

  /// What is written on an old copy is another history under numbers that devices know already.
  private mutating func refuseOnOldCopy(_ store: any TenantStore) throws(StorageError) {
    guard let checkpoint = shown else { return }
    if try Self.holds(checkpoint, in: store) {
      shown = nil
      return
    }
    var refusal = StorageError(
      .readOnly,
      """
      A device has shown this server's own signature on a ledger of \(checkpoint.size) entries that this one does not \
      continue: the tenant's files are an old copy. Restore the newest copy of them; nothing is written until then.
      """)
    refusal.isOldCopy = true
    throw refusal
  }

  /// The newest numbers before the commit, of the scopes that it writes.
  private mutating func newestNumbers(in batch: CommitBatch, store: any TenantStore) throws(StorageError) -> [Scope: UInt64] {
    let scopes = Set(batch.writes.map(\.scope))
    let unknown = scopes.filter { heads[$0] == nil }
    if !unknown.isEmpty { heads.merge(try store.heads(Array(unknown))) { $1 } }
    return heads.filter { scopes.contains($0.key) }
  }

  private mutating func changes(of batch: CommitBatch, after before: [Scope: UInt64]) -> [ScopeChanges] {
    let rows = Dictionary(grouping: batch.writes, by: \.scope)
    return rows.keys.sorted().compactMap { scope in
      guard let writes = rows[scope], let last = writes.last else { return nil }
      heads[scope] = last.seq
      return scope.isGrantable ? ScopeChanges(scope: scope, from: before[scope] ?? 0, writes: writes) : nil
    }
  }
}
