// The live session: connects, stays, comes back after every loss by itself, and tells what happens.
import ReviewModel
import Storage
import SyncEngine

extension Profile {
  /// How often a live session looks whether the process that syncs in its place is done.
  static let otherProcessPollMilliseconds: UInt64 = 1_000

  /// Runs the live session, with reconnects, until the consumer lets go. It ends by itself only for a reason that no
  /// waiting removes, which its last event tells.
  public func watch() -> AsyncStream<ClientEvent> {
    AsyncStream(bufferingPolicy: .bufferingNewest(4_096)) { continuation in
      let task = Task {
        await self.watch(continuation)
        continuation.finish()
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  private func watch(_ events: AsyncStream<ClientEvent>.Continuation) async {
    // Only `status` asks who watches; without the mark it does not tell the time of the next try.
    let mark = try? environment.files.tryLock(paths.watch)
    defer { mark?.unlock() }
    let run = SyncRun(profile: self, isOnce: false) { news in self.tell(news, to: events) }
    var pacing = WatchPacing()
    var hasToldOfOther = false
    while !Task.isCancelled {
      let step: WatchPacing.Step
      do {
        guard let ended = try await attempt(run, &pacing) else {
          if !hasToldOfOther {
            events.yield(
              .disconnected(
                reason: "Another process syncs this profile.", retryAfterMilliseconds: Self.otherProcessPollMilliseconds))
          }
          hasToldOfOther = true
          try await run.wait(Self.otherProcessPollMilliseconds)
          continue
        }
        step = ended
      } catch  where error.code == .cancelled {
        return
      } catch {
        step = pacing.failed(error.sentence, mayHeal: error.mayHeal, randomness: run.randomness())
      }
      hasToldOfOther = false
      guard await rest(after: step, run, events) else { return }
    }
  }

  /// One try under the lock, up to the end of its session; nil while another process holds the lock.
  private func attempt(_ run: SyncRun, _ pacing: inout WatchPacing) async throws(ClientError) -> WatchPacing.Step? {
    guard let lock = try takeLock() else { return nil }
    defer { release(lock) }
    let began = environment.uptimeMilliseconds()
    let end = try await run.session()
    let lasted = environment.uptimeMilliseconds() - began
    let step = pacing.ended(end, lastedMilliseconds: lasted, randomness: run.randomness())
    guard case .settle(let stop, let detail, let renewals) = step else { return step }
    try await run.settle(stop, detail: detail, renewals: renewals)
    return .again(afterMilliseconds: 0, reason: stop.sentence)
  }

  /// Tells what follows, and waits for it. False when nothing does.
  private func rest(
    after step: WatchPacing.Step, _ run: SyncRun, _ events: AsyncStream<ClientEvent>.Continuation
  ) async -> Bool {
    switch step {
    case .again(let milliseconds, let reason):
      noteFailure(reason, nextAfterMilliseconds: milliseconds)
      events.yield(.disconnected(reason: reason, retryAfterMilliseconds: milliseconds))
      do { try await run.wait(milliseconds) } catch { return false }
      return true
    case .end(let reason), .settle(_, let reason, _):
      noteFailure(reason)
      events.yield(.disconnected(reason: reason, retryAfterMilliseconds: nil))
      return false
    }
  }

  private func tell(_ news: SessionNews, to events: AsyncStream<ClientEvent>.Continuation) {
    switch news {
    case .opened: events.yield(.connected)
    case .progress(let progress): if !progress.isCaughtUp { events.yield(.progress(SyncProgress(progress))) }
    case .changed(let subjects): events.yield(.changed(subjects.map(\.hex).sorted()))
    case .ledger: break
    case .answered(let mutations):
      for id in mutations {
        // An answer that cannot be read now is read by `outcomes` later.
        guard let row = try? outbox.row(mutation: id) else { continue }
        for report in (try? outcomeReports(row)) ?? [] { events.yield(.outcome(report)) }  // as above
      }
    }
  }
}
