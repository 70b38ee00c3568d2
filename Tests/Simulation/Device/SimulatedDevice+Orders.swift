// The machine's orders that concern the files: each done at once, its answer given back as an event.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Trust

extension SimulatedDevice {
  static let keepAnsweredMilliseconds: UInt64 = 30 * 24 * 3_600 * 1_000
  static let keepAnsweredBytes = 64 << 20
  static let ownProofsLimit = 2_000

  func execute(_ order: ClientSessionOrder) throws -> [ClientSessionEvent] {
    try disk.read()
    switch order {
    case .grant(let scopes):
      try write()
      _ = try cache.grant(scopes)
      return [.granted(try cache.scopes())]
    case .readDigest(let scope):
      return context.has(.skipDigests) ? [] : [.digestRead(scope, try cache.digest(scope))]
    case .offer(let lane, let limit): return [.offered(lane: lane, rows: try offer(lane: lane, limit: limit))]
    case .findUnproved(let limit, let except): return [.unprovedFound(try unproved(limit: limit, except: except))]
    case .apply, .applyFetched, .repair:
      guard try receive(order) else { return [.pipeClosed(reason: "the cache is elsewhere")] }
    case .record, .quarantine, .retire, .prune, .offerAgain: try answer(order)
    case .keepCheckpoint(let seen):
      try write()
      try keeper.keepingCurrent { () throws(StorageError) in try outbox.append(checkpoint: seen) }
      signing.checkpoint = seen.checkpoint
    case .keepEvidence(let rows):
      try write()
      try cache.append(evidence: rows)
    case .refreshView: needsRefresh = true
    case .opened: renewalsInARow = 0
    case .sendFrame, .setTimer, .cancelTimer, .end, .showLedger: break
    }
    return []
  }

  /// Before anything is written to a file.
  private func write() throws(StorageError) {
    if isDiskFull, files.disk == nil { throw StorageError(.diskFull, "The disk is full; free some space.") }
    try disk.write()
  }

  // MARK: Receiving

  private func receive(_ order: ClientSessionOrder) throws -> Bool {
    try write()
    let erased = ErasedWords.digests(in: order)
    if !erased.isEmpty, !context.has(.keepErasedWords) { try outbox.erase(parts: erased) }
    var keys: Set<EntityKey> = []
    switch order {
    case .apply(let page):
      let before = try cache.scopes().first { $0.scope == page.scope }?.cursor ?? 0
      guard page.to >= before else { throw Violation(.cursorBroken, "\(name): \(page.scope) would go back to \(page.to)") }
      try halve(page)
      guard let applied = try cache.apply(damaged(page)) else { return false }
      keys = applied
    case .applyFetched(let rows): keys = try cache.apply(fetched: rows)
    case .repair(let scope, let head, let leaves, let rows):
      context.totals.repairs += 1
      note("mends \(leaves.count) leaves of \(scope.name.prefix(16))")
      guard context.excuses.explainsRepair else {
        throw Violation(.digestBroken, "\(name) had to mend \(scope.name) at \(head), and nothing had broken it")
      }
      keys = try cache.repair(scope, head: head, leaves: leaves, rows: rows)
    default: break
    }
    changed.formUnion(keys)
    return true
  }

  private func damaged(_ page: CachedPage) throws -> CachedPage {
    var page = try planted(page: page)
    if context.has(.tearPage), page.rows.count > 1, random.chance(permille: 100) { page.rows.removeLast() }
    if context.has(.skipDigests), !page.rows.isEmpty, random.chance(permille: 50) {
      page.rows.remove(at: random.below(page.rows.count))
    }
    if losesRow, !page.rows.isEmpty {
      losesRow = false
      note("loses a row")
      page.rows.remove(at: random.below(page.rows.count))
    }
    return page
  }

  // MARK: Sending

  private func offer(lane: UInt32, limit: OfferLimit) throws -> [OutboxRow] {
    try write()
    try checkUrgency(before: lane)
    if context.has(.overtakePause), lane == 0, try outbox.counts().queued > habits.urgent.count { return [] }
    let signing = signing
    let files = context.has(.forgetOffer) ? files.copy() : files
    let store = try files.outbox()
    let offered = try keeper.keepingCurrent { () throws(StorageError) in
      try store.offer(lane: lane, limit: limit) { row, last in
        signing.sign(row.mutation, number: row.number ?? last.number + 1, previousHash: last.hash)
      }
    }
    if lane == 0 { habits.urgent.subtract(offered.map(\.mutation.mutationID)) }
    return offered
  }

  private func answer(_ order: ClientSessionOrder) throws {
    try write()
    switch order {
    case .record(let answers):
      for answer in answers { try noteAnswer(answer) }
      if context.has(.forgetAnswer), random.chance(permille: 100) { return }
      try outbox.record(answers)
    case .quarantine(let row, let reason):
      throw Violation(.stoppedWithoutReason, "\(name) put row \(row) aside: \(reason)")
    case .retire(let seq):
      let reached = try cache.scopes().map(\.cursor).min() ?? 0
      let isEarly = context.has(.retireEarly)
      let through = isEarly ? seq + 50 : seq
      guard through <= reached else {
        throw Violation(.viewWrong, "\(name) retires through \(through), the base is at \(reached)")
      }
      try outbox.retire(throughSeq: through)
    case .offerAgain(let version):
      if context.has(.forgetUnsupported) { return }
      let count = try outbox.offerAgain(refusedBelowRules: version)
      if count > 0 { note("offers \(count) changes again to newer rules") }
    case .prune(let index):
      let now = wallMilliseconds
      let before = now > Self.keepAnsweredMilliseconds ? now - Self.keepAnsweredMilliseconds : 0
      try keeper.keepingCurrent { () throws(StorageError) in
        _ = try outbox.prune(
          durableThrough: index, answeredBeforeMilliseconds: before, keepBytes: Self.keepAnsweredBytes)
      }
    default: break
    }
  }

  private func noteAnswer(_ answer: AnsweredRow) throws {
    let row = try outbox.offered(lane: answer.lane).first { $0.number == answer.number }
    guard let row else { return }
    try context.answers.note(row.mutation.mutationID, answer.answer, by: name)
  }

  // MARK: Proving

  private func unproved(limit: Int, except: Set<UInt64>) throws -> [UInt64] {
    let own = try outbox.answered(isRefused: false, limit: Self.ownProofsLimit).compactMap { $0.answer?.ledgerIndex }
    let held = try cache.evidence(own)
    let missing = try cache.missingEvidence(limit: limit + except.count)
    var seen: Set<UInt64> = []
    let indexes = (own.filter { held[$0] == nil } + missing).filter { !except.contains($0) && seen.insert($0).inserted }
    return Array(indexes.prefix(limit))
  }
}
