// What a session's orders do to the device's two stores, and when the view follows. Whoever runs a session passes them on.
import ReviewModel
import Storage
import Trust

package struct SessionStores: Sendable {
  /// Answered rows stay for so long whatever is durable, and as long as they fit into so many bytes.
  package static let keepAnsweredMilliseconds: UInt64 = 30 * 24 * 3_600 * 1_000
  static let keepAnsweredBytes = 64 << 20
  package static let ownProofsLimit = 2_000
  static let damagedReason = "Its stored bytes are not those that were written: the disk has changed them."

  /// What `rest` has done, or asks for.
  package enum Rest: Sendable, Hashable {
    case nothing
    /// Ask again after so long, and say so by `promiseKept`.
    case askAgain(afterMilliseconds: UInt64)
    /// The view is up to date; these subjects may look different now.
    case refreshed(Set<SubjectID>)
  }

  let cache: any CacheStore
  let outbox: any OutboxStore
  let serverKey: PublicKey
  private let keeper: ViewKeeper
  private var signing: EnvelopeSigning
  private var changed: Set<EntityKey> = []
  /// Whether the view has yet to follow.
  package private(set) var needsRefresh = false
  private var pacing = RefreshPacing()
  /// Whether somebody has promised to ask again.
  private var isPromised = false

  package init(keeper: ViewKeeper, start: SessionStart) {
    self.keeper = keeper
    cache = keeper.cache
    outbox = keeper.outbox
    serverKey = start.identity.serverKey
    signing = EnvelopeSigning(tenant: start.identity.tenant, key: start.identity.key, checkpoint: start.checkpoint)
  }

  /// Does what is ordered at once, and answers what the machine wants to know. Orders that concern no store do nothing.
  package mutating func execute(_ order: ClientSessionOrder, nowMilliseconds now: UInt64) throws -> [ClientSessionEvent] {
    switch order {
    case .grant(let scopes):
      _ = try cache.grant(scopes)
      return [.granted(try cache.scopes())]
    case .readDigest(let scope): return [.digestRead(scope, try cache.digest(scope))]
    case .offer(let lane, let limit): return [.offered(lane: lane, rows: try offer(lane: lane, limit: limit))]
    case .findUnproved(let limit, let except): return [.unprovedFound(try unproved(limit: limit, except: except))]
    case .apply, .applyFetched, .repair:
      guard try receive(order) else { return [.pipeClosed(reason: "The cache is not where the session left it.")] }
    case .record(let answers): try outbox.record(answers)
    case .quarantine(let row, let reason): try outbox.quarantine(row, reason: reason)
    case .retire(let seq): try outbox.retire(throughSeq: seq)
    case .offerAgain(let version): _ = try outbox.offerAgain(refusedBelowRules: version)
    // A clock that runs years ahead must not make everything old.
    case .prune(let size, let serverMilliseconds): try prune(durableThrough: size, now: min(now, serverMilliseconds))
    case .keepCheckpoint(let seen):
      try keeper.keepingCurrent { () throws(StorageError) in try outbox.append(checkpoint: seen) }
      signing.checkpoint = seen.checkpoint
    case .keepEvidence(let rows):
      guard try areSigned(rows) else { return [.pipeClosed(reason: Self.unsignedEvidence)] }
      try cache.append(evidence: rows)
    case .refreshView: needsRefresh = true
    case .opened, .showLedger, .sendFrame, .setTimer, .cancelTimer, .end: break
    }
    return []
  }

  // MARK: The view

  /// After an event and all that followed: the view, if it is to be refreshed and its turn has come.
  ///
  /// - Parameters:
  ///   - isLast: whether nothing follows; then its turn has come in any case.
  ///   - uptime: a clock that only goes forward, in milliseconds.
  package mutating func rest(isLast: Bool, uptime: () -> UInt64) throws(StorageError) -> Rest {
    guard needsRefresh else { return .nothing }
    let began = uptime()
    let wait = pacing.wait(nowMilliseconds: began)
    guard isLast || wait == 0 else {
      defer { isPromised = true }
      return isPromised ? .nothing : .askAgain(afterMilliseconds: wait)
    }
    let keys = changed
    changed = []
    needsRefresh = false
    let affected = try keeper.refresh(changed: keys)
    pacing.refreshed(fromMilliseconds: began, toMilliseconds: uptime())
    return .refreshed(affected)
  }

  /// The time that `rest` asked for is over.
  package mutating func promiseKept() { isPromised = false }

  // MARK: Receiving

  /// False if a page did not start at the cache's cursor.
  private mutating func receive(_ order: ClientSessionOrder) throws(StorageError) -> Bool {
    // Before the cache knows: after a crash in between the rows come again, and with them what is to be forgotten.
    let erased = ErasedWords.digests(in: order)
    if !erased.isEmpty { try outbox.erase(parts: erased) }
    switch order {
    case .apply(let page):
      guard let keys = try cache.apply(page) else { return false }
      changed.formUnion(keys)
    case .applyFetched(let rows): changed.formUnion(try cache.apply(fetched: rows))
    case .repair(let scope, let head, let leaves, let rows):
      changed.formUnion(try cache.repair(scope, head: head, leaves: leaves, rows: rows))
    default: break
    }
    return true
  }

  // MARK: Sending

  /// Gives numbers to what waits. What a disk has changed since it was queued is put aside and gets none: nobody has said that.
  private mutating func offer(lane: UInt32, limit: OfferLimit) throws(StorageError) -> [OutboxRow] {
    while true {
      var damaged: Int64?
      do {
        return try keeper.keepingCurrent { () throws(StorageError) in
          try outbox.offer(lane: lane, limit: limit) { row, last in
            guard row.mutation.isWhole else {
              damaged = row.row
              throw StorageError(.damaged, Self.damagedReason)
            }
            return signing.sign(row.mutation, number: row.number ?? last.number + 1, previousHash: last.hash)
          }
        }
      } catch {
        guard let damaged else { throw error }
        try outbox.quarantine(damaged, reason: Self.damagedReason)
        needsRefresh = true
      }
    }
  }

  private func prune(durableThrough size: UInt64, now: UInt64) throws(StorageError) {
    let before = now > Self.keepAnsweredMilliseconds ? now - Self.keepAnsweredMilliseconds : 0
    try keeper.keepingCurrent { () throws(StorageError) in
      _ = try outbox.prune(durableThrough: size, answeredBeforeMilliseconds: before, keepBytes: Self.keepAnsweredBytes)
    }
  }
}
