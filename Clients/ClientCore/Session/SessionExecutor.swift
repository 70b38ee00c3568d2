// The orders of a session that concern the stores: each done at once, its answer given back as an event.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Synchronization
import Trust

final class SessionExecutor: Sendable {
  /// Answered rows stay for so long whatever is durable, and as long as they fit into so many bytes.
  static let keepAnsweredMilliseconds: UInt64 = 30 * 24 * 3_600 * 1_000
  static let keepAnsweredBytes = 64 << 20
  static let ownProofsLimit = 2_000

  private struct Pending: Sendable {
    var changed: Set<EntityKey> = []
    var needsRefresh = false
    var pacing = RefreshPacing()
    /// Whether somebody has promised to ask again.
    var isPromised = false
    var signing: EnvelopeSigning
  }

  let profile: Profile
  let start: SessionStart
  let timers = SessionTimers()
  let cache: any CacheStore
  private let keeper: ViewKeeper
  private let news: @Sendable (SessionNews) -> Void
  private let pending: Mutex<Pending>

  init(profile: Profile, isOnce: Bool, wantsLedger: Bool, news: @escaping @Sendable (SessionNews) -> Void) throws(ClientError) {
    let identity = profile.openIdentity
    let key = try identity.deviceKey()
    let serverKey = try identity.serverKey()
    let outbox = profile.outbox
    self.profile = profile
    self.news = news
    cache = try profile.openedCache()
    keeper = try profile.keeper()
    let seen = try storing { try outbox.checkpoints().last?.checkpoint ?? SeenCheckpoint() }
    start = try storing {
      SessionStart(
        identity: ClientIdentity(tenant: identity.tenant, key: key, serverKey: serverKey, agent: profile.environment.agent),
        isOnce: isOnce, wantsLedger: wantsLedger, versions: ProtocolVersion.minimum...ProtocolVersion.current, checkpoint: seen,
        lanes: try outbox.lanes(),
        offered: [0: try outbox.offered(lane: 0), 1: try outbox.offered(lane: 1)],
        owedSeq: try outbox.replayable().compactMap(\.answer?.commitSeq).max() ?? 0)
    }
    pending = Mutex(Pending(signing: EnvelopeSigning(tenant: identity.tenant, key: key, checkpoint: seen)))
  }

  func nonce() -> Digest { Digest(profile.environment.randomBytes(Digest.byteCount)) ?? .zero }

  /// Does what is ordered, and answers what the machine wants to know.
  func execute(_ order: ClientSessionOrder) throws -> [ClientSessionEvent] {
    switch order {
    case .grant(let scopes):
      _ = try cache.grant(scopes)
      return [.granted(try cache.scopes())]
    case .readDigest(let scope): return [.digestRead(scope, try cache.digest(scope))]
    case .offer(let lane, let limit): return [.offered(lane: lane, rows: try offer(lane: lane, limit: limit))]
    case .findUnproved(let limit, let except):
      return [.unprovedFound(try unproved(limit: limit, except: except))]
    case .apply, .applyFetched, .repair:
      guard try receive(order) else { return [.pipeClosed(reason: "The cache is not where the session left it.")] }
    case .record, .quarantine, .retire, .prune, .offerAgain: try answer(order)
    case .keepCheckpoint(let seen):
      try keeper.keepingCurrent { () throws(StorageError) in try profile.outbox.append(checkpoint: seen) }
      pending.withLock { $0.signing.checkpoint = seen.checkpoint }
    case .keepEvidence(let rows):
      guard try areSigned(rows) else { return [.pipeClosed(reason: Self.unsignedEvidence)] }
      try cache.append(evidence: rows)
    case .showLedger(let entries): news(.ledger(entries))
    case .refreshView: pending.withLock { $0.needsRefresh = true }
    case .opened(let welcome): try opened(welcome)
    case .sendFrame, .setTimer, .cancelTimer, .end: break
    }
    return []
  }

  /// After an event and all that followed: the view, if it is to be refreshed and its turn has come.
  ///
  /// - Parameter isLast: whether nothing follows; then its turn has come in any case.
  /// - Returns: after how long to ask again, nil if nobody need ask, or somebody has promised to.
  func rest(isLast: Bool) throws -> UInt64? {
    let uptime = profile.environment.uptimeMilliseconds
    let began = uptime()
    let (changed, wait) = pending.withLock { pending -> (Set<EntityKey>?, UInt64?) in
      guard pending.needsRefresh else { return (nil, nil) }
      let wait = pending.pacing.wait(nowMilliseconds: began)
      guard isLast || wait == 0 else {
        defer { pending.isPromised = true }
        return (nil, pending.isPromised ? nil : wait)
      }
      defer {
        pending.changed = []
        pending.needsRefresh = false
      }
      return (pending.changed, nil)
    }
    guard let changed else { return wait }
    let affected = try keeper.refresh(changed: changed)
    let ended = uptime()
    pending.withLock { $0.pacing.refreshed(fromMilliseconds: began, toMilliseconds: ended) }
    if !affected.isEmpty { tell(affected) }
    return nil
  }

  /// The time that `rest` asked for is over.
  func promiseKept() { pending.withLock { $0.isPromised = false } }

  private func tell(_ affected: Set<SubjectID>) {
    profile.observers.changed(affected)
    news(.changed(affected))
  }

  /// Remembers how the session ended, for `status`.
  func note(_ end: SessionEnd?) {
    switch end {
    case .stopped(let stop, let detail):
      // What status says is not worth failing a session that has ended.
      try? cache.set(Profile.stopSetting, to: detail.isEmpty ? stop.sentence : stop.sentence + " (" + detail + ")")
    case .finished, .retry, nil: break
    }
  }

  // MARK: Receiving

  /// False if a page did not start at the cache's cursor.
  private func receive(_ order: ClientSessionOrder) throws -> Bool {
    // Before the cache knows: after a crash in between the rows come again, and with them what is to be forgotten.
    let erased = ErasedWords.digests(in: order)
    if !erased.isEmpty { try profile.outbox.erase(parts: erased) }
    var changed: Set<EntityKey> = []
    switch order {
    case .apply(let page):
      guard let keys = try cache.apply(page) else { return false }
      changed = keys
    case .applyFetched(let rows): changed = try cache.apply(fetched: rows)
    case .repair(let scope, let head, let leaves, let rows):
      changed = try cache.repair(scope, head: head, leaves: leaves, rows: rows)
    default: break
    }
    pending.withLock { $0.changed.formUnion(changed) }
    return true
  }

  // MARK: Sending

  private func offer(lane: UInt32, limit: OfferLimit) throws -> [OutboxRow] {
    let signing = pending.withLock { $0.signing }
    return try keeper.keepingCurrent { () throws(StorageError) in
      try profile.outbox.offer(lane: lane, limit: limit) { row, last in
        signing.sign(row.mutation, number: row.number ?? last.number + 1, previousHash: last.hash)
      }
    }
  }

  private func answer(_ order: ClientSessionOrder) throws {
    switch order {
    case .record(let answers):
      let offered = try Set(answers.map(\.lane)).flatMap { try profile.outbox.offered(lane: $0) }
      let rows = offered.filter { row in
        answers.contains { $0.lane == row.mutation.lane && $0.number == row.number }
      }.map(\.mutation.mutationID)
      try profile.outbox.record(answers)
      news(.answered(rows))
    case .quarantine(let row, let reason): try profile.outbox.quarantine(row, reason: reason)
    case .retire(let seq): try profile.outbox.retire(throughSeq: seq)
    case .offerAgain(let version): _ = try profile.outbox.offerAgain(refusedBelowRules: version)
    case .prune(let index):
      let now = profile.environment.nowMilliseconds()
      try cache.set(Profile.lastSyncedSetting, to: String(now))
      let before = now > Self.keepAnsweredMilliseconds ? now - Self.keepAnsweredMilliseconds : 0
      try keeper.keepingCurrent { () throws(StorageError) in
        _ = try profile.outbox.prune(
          durableThrough: index, answeredBeforeMilliseconds: before, keepBytes: Self.keepAnsweredBytes)
      }
    default: break
    }
  }

  private func opened(_ welcome: Welcome) throws {
    let skew = Int64(clamping: profile.environment.nowMilliseconds()) - Int64(clamping: welcome.serverMilliseconds)
    try cache.set(Profile.epochSetting, to: welcome.epoch.hex)
    try cache.set(Profile.clockSkewSetting, to: String(skew))
    try cache.set(Profile.stopSetting, to: nil)
    try cache.set(Profile.failedTrySetting, to: nil)
    news(.opened)
  }
}
