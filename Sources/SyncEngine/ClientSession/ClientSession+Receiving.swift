// Receiving: pages in order, entities out of turn, grants, and pulling what is known to be there and does not come.
import ReviewModel
import Storage
import SyncProtocol
import Trust

extension ClientSession {
  // MARK: Grants and subscriptions

  mutating func granted(_ scopes: [CachedScope]) {
    guard case .open = phase else { return }
    let isFirst = !hasGrants
    let known = cursors
    hasGrants = true
    cursors = Dictionary(scopes.map { ($0.scope, $0.cursor) }, uniquingKeysWith: { _, last in last })
    if isFirst {
      // A new cache begins at 0, an old one where an earlier session may have been cut off before it could say so.
      retiredSeq = reachedSeq
      order(.retire(throughSeq: reachedSeq))
      // What an earlier session received before it was cut off is known to nobody but the base.
      order(.refreshView)
      fetchWaitingIfLarge()
      progress.isCaughtUp = cursors.isEmpty
      subscribe(Array(cursors.keys))
      pump()
    } else {
      subscribe(cursors.keys.filter { known[$0] == nil })
      order(.refreshView)
    }
  }

  mutating func scopeGranted(_ head: ScopeHead) {
    guard head.scope.isGrantable else { return stop(.protocolViolation, "A scope came that no device is granted.") }
    heads[head.scope] = head.head
    guard cursors[head.scope] == nil else { return }
    order(.grant(cursors.keys.sorted() + [head.scope]))
  }

  mutating func scopeClosed(_ scope: Scope) {
    guard cursors.removeValue(forKey: scope) != nil else { return }
    heads[scope] = nil
    remaining[scope] = nil
    comparing[scope] = nil
    repairing[scope] = nil
    order(.grant(cursors.keys.sorted()))
    guard cursors.isEmpty else { return }
    // Nothing is left to catch up with, so no checkpoint will say that it is done.
    isCatchingUp = false
    progress.isCaughtUp = true
  }

  mutating func subscribe(_ scopes: [Scope]) {
    guard !scopes.isEmpty else { return }
    isCatchingUp = true
    order(
      .sendFrame(
        .subscribe(
          Subscribe(
            cursors: scopes.sorted().map { ScopeCursor(scope: $0, cursor: cursors[$0] ?? 0) }, isLive: true))))
    setPull()
  }

  private mutating func fetchWaitingIfLarge() {
    let missing = cursors.reduce(UInt64(0)) { sum, entry in
      let head = heads[entry.key] ?? 0
      return sum &+ (head > entry.value ? head - entry.value : 0)
    }
    progress.rowsRemaining = missing
    if missing >= Self.largeCatchUp { order(.sendFrame(.fetch(Fetch(request: 1, keys: [], wantsWaiting: true)))) }
  }

  // MARK: Pages

  mutating func received(_ changes: Changes) {
    // Of a scope that was closed meanwhile, or that is being granted: nothing to apply it to.
    guard let cursor = cursors[changes.scope] else { return }
    hasReceived = true
    // A page from before a repeated subscription is harmless; one that leaves a gap is asked for again.
    if changes.from < cursor { return }
    guard changes.from == cursor else { return subscribe([changes.scope]) }
    guard Self.isOrdered(changes) else { return stop(.protocolViolation, "A page's rows are out of order.") }
    cursors[changes.scope] = changes.to
    heads[changes.scope] = max(heads[changes.scope] ?? 0, changes.to)
    remaining[changes.scope] = changes.remaining
    progress.rowsReceived += UInt64(changes.entries.count)
    progress.rowsRemaining = remaining.values.reduce(0, &+)
    order(
      .apply(
        CachedPage(
          scope: changes.scope, from: changes.from, to: changes.to,
          rows: changes.entries.map { StoredRow(key: $0.key, seq: $0.seq, payload: $0.payload) })))
    if !isCatchingUp { order(.refreshView) }
  }

  private static func isOrdered(_ changes: Changes) -> Bool {
    guard changes.to >= changes.from else { return false }
    var last = changes.from
    for entry in changes.entries {
      guard entry.seq > last, entry.seq <= changes.to else { return false }
      last = entry.seq
    }
    return true
  }

  mutating func received(_ entities: FetchedEntities) {
    let rows = entities.entries.filter { cursors[$0.scope] != nil }.map {
      ScopedRow(scope: $0.scope, row: StoredRow(key: $0.entry.key, seq: $0.entry.seq, payload: $0.entry.payload))
    }
    if !rows.isEmpty { order(.applyFetched(rows)) }
    if entities.isLast { order(.refreshView) }
  }

  // MARK: Heads

  mutating func received(_ heartbeat: Heartbeat) {
    for entry in heartbeat.heads where cursors[entry.scope] != nil {
      heads[entry.scope] = max(heads[entry.scope] ?? 0, entry.head)
    }
    if proving.isOverdue { proving.restart() }
  }

  /// The number that every cursor has reached.
  var reachedSeq: UInt64 { cursors.values.min() ?? 0 }

  /// Whether something is known to be there that has not come.
  var isLagging: Bool {
    owedSeq > reachedSeq || owedSize > checkpoint.size || cursors.contains { scope, cursor in (heads[scope] ?? 0) > cursor }
  }

  mutating func setPull() {
    isPullSet = true
    hasReceived = false
    order(.setTimer(.pull, milliseconds: Self.pullMilliseconds))
  }

  /// Asks again for what has not come, unless pages keep coming.
  mutating func pull() {
    isPullSet = false
    guard isLagging || isCatchingUp else { return }
    if hasReceived {
      pullsInVain = 0
      return setPull()
    }
    pullsInVain += 1
    guard pullsInVain <= Self.pullsLimit else {
      return end(.retry(afterMilliseconds: 0, reason: "The server does not send what it is known to hold."))
    }
    subscribe(Array(cursors.keys))
  }

  /// Lets answered rows leave the replay once their effects are in the base.
  mutating func retire() {
    let reached = reachedSeq
    guard owedSeq > retiredSeq, reached > retiredSeq else { return }
    retiredSeq = reached
    order(.retire(throughSeq: reached))
    order(.refreshView)
  }
}
