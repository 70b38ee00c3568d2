// Comparing: every checkpoint must continue the log, and every scope's digest must be the server's; else it is mended.
import ReviewModel
import Storage
import SyncProtocol
import Trust

extension ClientSession {
  mutating func received(_ frame: CheckpointFrame) {
    guard case .open(let welcome) = phase else { return }
    let before = checkpoint
    switch judge.judge(note: frame.note, origin: welcome.origin, after: checkpoint, consistency: frame.consistency) {
    case .failure(let rejection): return stop(rejection.stop)
    case .success(let seen): keep(seen, note: frame.note)
    }
    if checkpoint != before { proving.restart() }
    order(.prune(durableThrough: frame.durableThrough, serverMilliseconds: welcomedMilliseconds))
    for entry in frame.digests {
      guard let cursor = cursors[entry.scope] else { continue }
      heads[entry.scope] = max(heads[entry.scope] ?? 0, entry.head)
      // Another head than the cursor's cannot be compared; a later checkpoint will be.
      guard entry.head == cursor, repairing[entry.scope] == nil else { continue }
      comparing[entry.scope] = entry
      order(.readDigest(entry.scope))
    }
    if isCatchingUp, !cursors.contains(where: { (heads[$0.key] ?? 0) > $0.value }) {
      isCatchingUp = false
      progress.isCaughtUp = true
      progress.rowsRemaining = 0
      remaining = [:]
      order(.refreshView)
    }
  }

  /// Asks for a checkpoint with the digests of now, unless one is on its way. If none comes, the pulls find that out.
  mutating func comparisonAsked() {
    guard case .open = phase, hasGrants, !isCatchingUp else { return }
    subscribe(Array(cursors.keys))
  }

  mutating func digestRead(_ scope: Scope, _ digest: ScopeDigest) {
    guard let expected = comparing.removeValue(forKey: scope), let cursor = cursors[scope], cursor == expected.head else {
      return
    }
    guard digest.digest != expected.digest else {
      // What was mended holds; whatever breaks later is another matter.
      repairCounts[scope] = nil
      return
    }
    progress.repairs += 1
    repairCounts[scope, default: 0] += 1
    guard repairCounts[scope, default: 0] <= Self.repairsLimit else {
      return stop(.protocolViolation, "A scope's digest differs after it was mended.")
    }
    repairing[scope] = []
    order(.setTimer(.reply, milliseconds: Self.replyMilliseconds))
    order(.sendFrame(.repair(Repair(scope: scope, cursor: cursor, leaves: digest.leaves))))
  }

  mutating func received(_ page: RepairPage) {
    guard let rows = repairing[page.scope] else { return }
    let collected = rows + page.entries.map { StoredRow(key: $0.key, seq: $0.seq, payload: $0.payload) }
    guard page.isLast else {
      repairing[page.scope] = collected
      return
    }
    repairing[page.scope] = nil
    order(.repair(page.scope, head: page.head, leaves: Set(page.leaves), rows: collected))
    order(.refreshView)
    // What was mended is compared again.
    subscribe([page.scope])
  }

  /// A repair that does not come is tried again in a new session; proofs are asked for again after the next heartbeat.
  mutating func replyMissed() {
    guard repairing.isEmpty else { return end(.retry(afterMilliseconds: 0, reason: "The server sent no repair in time.")) }
    guard proving.awaited != nil else { return }
    // Without the whole ledger a full audit has nothing to say.
    if proving.ledger != nil { return end(.retry(afterMilliseconds: 0, reason: "The server sent no ledger in time.")) }
    endProving()
    proving.isOverdue = true
  }
}
