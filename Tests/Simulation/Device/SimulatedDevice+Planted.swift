// Bugs of the client, planted in what reaches its machine and in what leaves it.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Trust

extension SimulatedDevice {
  func planted(received frame: ServerFrame) -> ServerFrame? {
    guard let bug = context.plan.bug else { return frame }
    switch (bug, frame) {
    case (.ignoreHeartbeat, .heartbeat): return .heartbeat(Heartbeat())
    case (.windowOffByOne, .welcome(var welcome)):
      welcome.limits.unansweredMutations += 1
      return .welcome(welcome)
    default: return frame
    }
  }

  /// `giveUpSessions`: a heartbeat that is due ends the session.
  func planted(event: ClientSessionEvent) -> ClientSessionEvent {
    guard context.has(.giveUpSessions), case .timerFired(.heartbeat) = event else { return event }
    return .pipeClosed(reason: "given up")
  }

  func planted(sent frame: ClientFrame) -> ClientFrame {
    guard let bug = context.plan.bug else { return frame }
    switch (bug, frame) {
    case (.forgetCursor, .subscribe(var subscribe)):
      for index in subscribe.cursors.indices { subscribe.cursors[index].cursor = 0 }
      return .subscribe(subscribe)
    case (.acceptWrongHash, .push(let push)): return .push(Push(envelopes: push.envelopes.map(withoutPredecessor)))
    default: return frame
    }
  }

  /// Signed again, as if the lane began with it.
  private func withoutPredecessor(_ pushed: PushedEnvelope) -> PushedEnvelope {
    // What this device signed can be read.
    guard var envelope = try? pushed.envelope.envelope(), envelope.number > 3 else { return pushed }
    envelope.previousHash = .zero
    return PushedEnvelope(envelope: SignedEnvelope(envelope, signedBy: identity.key), parts: pushed.parts)
  }

  /// The order as a client with the bug would carry it out, nil if it would not.
  func planted(order: ClientSessionOrder) throws -> ClientSessionOrder? {
    switch order {
    case .apply(let page): .apply(try damaged(page))
    case .refreshView where context.has(.skipRefresh): nil
    case .record where context.has(.forgetAnswer) && random.chance(permille: 100): nil
    case .retire(let seq) where context.has(.retireEarly): .retire(throughSeq: seq + 50)
    case .offerAgain where context.has(.forgetUnsupported): nil
    default: order
    }
  }

  /// `showApproved`: a list shows as approved what was rejected.
  func plantedAfterRefresh() throws {
    guard context.has(.showApproved) else { return }
    var lines: [SubjectID: SubjectIndexRow?] = [:]
    for var line in try cache.list(SubjectFilter()) where line.state == "rejected" {
      line.state = "approved"
      lines[line.subject] = line
    }
    try cache.index(lines)
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

  /// `compareClock`: of two versions of a subject, the one with the later time counts.
  func planted(page: CachedPage) throws -> CachedPage {
    guard context.has(.compareClock) else { return page }
    var page = page
    let held = try cache.base(page.rows.map(\.key))
    page.rows.removeAll { row in
      guard row.key.kind == .subject, let payload = row.payload, let old = held[row.key] else { return false }
      // What cannot be read has no time.
      let times = [payload, old.payload].map { (try? SubjectEntity(canonical: $0))?.updatedMilliseconds ?? 0 }
      return times[0] < times[1]
    }
    return page
  }

  /// `reuseNumber`: a program that was started again begins its lanes anew.
  func plantedAfterDeath() {
    guard context.has(.reuseNumber) else { return }
    do throws(StorageError) { try outbox.renumber(afterEnrolment: .zero) } catch { note("cannot begin anew: \(error.code)") }
  }
}
