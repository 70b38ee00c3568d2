// The machine's orders that concern the files: the client's own stores carry them out, between trouble before and checks.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Trust

extension SimulatedDevice {
  func execute(_ order: ClientSessionOrder) throws -> [ClientSessionEvent] {
    try disk.read()
    if order.writes { try write() }
    try check(order)
    guard let order = try planted(order: order) else { return [] }
    if case .readDigest(let scope) = order, context.has(.skipDigests) {
      return [.digestRead(scope, try server.store.digest(scope).digest)]
    }
    if case .offer = order, context.has(.forgetOffer) { return try executeOnCopy(order) }
    if case .offer(0, _) = order, context.has(.overtakePause), try outbox.counts().queued > habits.urgent.count {
      return [.offered(lane: 0, rows: [])]
    }
    if context.has(.keepErasedWords), let events = try executeUnerased(order) { return events }
    if case .prune(let size, _) = order, random.chance(permille: 200) { return try executeAudited(order, size) }
    let events = try stores?.execute(order, nowMilliseconds: wallMilliseconds) ?? []
    note(order, events)
    for case .offered(_, let rows) in events { try damage(rows.map(\.mutation), at: .offered) }
    return events
  }

  /// What is forgotten must be durable, and older than the days that everything is kept; nobody here has as much as the bytes.
  private func executeAudited(_ order: ClientSessionOrder, _ durableThrough: UInt64) throws -> [ClientSessionEvent] {
    let before = try outbox.answered(isRefused: false, limit: .max)
    let now = wallMilliseconds
    let bold = ClientSessionOrder.prune(durableThrough: durableThrough, serverMilliseconds: .max)
    let forgets = context.has(.forgetAnswered)
    let events = try stores?.execute(forgets ? bold : order, nowMilliseconds: forgets ? .max : now) ?? []
    let kept = Set(try outbox.answered(isRefused: false, limit: .max).map(\.row))
    for row in before where !kept.contains(row.row) {
      guard let answer = row.answer, answer.ledgerIndex < durableThrough,
        answer.answeredMilliseconds + SessionStores.keepAnsweredMilliseconds < now
      else { throw Violation(.forgottenEarly, "\(name) forgot row \(row.row), which was answered a short while ago") }
    }
    return events
  }

  /// `forgetOffer`: numbers are given in a copy of the files.
  private func executeOnCopy(_ order: ClientSessionOrder) throws -> [ClientSessionEvent] {
    let copy = try files.copy().outbox()
    var stores = SessionStores(
      keeper: ViewKeeper(cache: try cache, outbox: copy, actor: actor), start: try sessionStart(outbox: copy))
    return try stores.execute(order, nowMilliseconds: wallMilliseconds)
  }

  /// `keepErasedWords`: rows are taken without a look at what was erased. Nil for an order that brings none.
  private func executeUnerased(_ order: ClientSessionOrder) throws -> [ClientSessionEvent]? {
    switch order {
    case .apply(let page): return try cache.apply(page) == nil ? [.pipeClosed(reason: "The cache is elsewhere.")] : []
    case .applyFetched(let rows):
      _ = try cache.apply(fetched: rows)
      return []
    default: return nil
    }
  }

  /// Before anything is written to a file.
  private func write() throws(StorageError) {
    if isDiskFull, files.disk == nil { throw StorageError(.diskFull, "The disk is full; free some space.") }
    try disk.write()
  }

  // MARK: Checks

  /// What must be true when an order comes.
  private func check(_ order: ClientSessionOrder) throws {
    switch order {
    case .opened: renewalsInARow = 0
    case .offer(let lane, _): try checkUrgency(before: lane)
    case .record(let answers): for answer in answers { try noteAnswer(answer) }
    case .apply(let page):
      let before = try cache.scopes().first { $0.scope == page.scope }?.cursor ?? 0
      guard page.to >= before else { throw Violation(.cursorBroken, "\(name): \(page.scope) would go back to \(page.to)") }
      try halve(page)
    case .repair(let scope, let head, let leaves, _):
      context.totals.repairs += 1
      note("mends \(leaves.count) leaves of \(scope.name.prefix(16))")
      guard context.excuses.explainsRepair else {
        throw Violation(.digestBroken, "\(name) had to mend \(scope.name) at \(head), and nothing had broken it")
      }
    case .retire(let seq):
      let reached = try cache.scopes().map(\.cursor).min() ?? 0
      let through = context.has(.retireEarly) ? seq + 50 : seq
      guard through <= reached else {
        throw Violation(.viewWrong, "\(name) retires through \(through), the base is at \(reached)")
      }
    default: break
    }
  }

  private func noteAnswer(_ answer: AnsweredRow) throws {
    let row = try outbox.offered(lane: answer.lane).first { $0.number == answer.number }
    guard let row else { return }
    try context.answers.note(row.mutation.mutationID, answer.answer, by: name)
  }

  private func note(_ order: ClientSessionOrder, _ events: [ClientSessionEvent]) {
    for case .offered(0, let rows) in events { habits.urgent.subtract(rows.map(\.mutation.mutationID)) }
    if case .offerAgain = order { note("looks for what newer rules may take") }
  }
}

extension ClientSessionOrder {
  /// Whether it writes to a file.
  fileprivate var writes: Bool {
    switch self {
    case .grant, .apply, .applyFetched, .repair, .offer, .record, .quarantine, .retire, .prune, .offerAgain, .keepCheckpoint,
      .keepEvidence:
      true
    case .readDigest, .findUnproved, .refreshView, .opened, .showLedger, .sendFrame, .setTimer, .cancelTimer, .end: false
    }
  }
}
