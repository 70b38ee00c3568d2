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
