// The live session: connects, stays, comes back after every loss by itself, and tells what happens.
import ReviewModel
import Storage
import SyncEngine

extension Profile {
  /// Runs the live session, with reconnects, until the consumer lets go.
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
    let run = SyncRun(profile: self, isOnce: false) { news in self.tell(news, to: events) }
    var backoff = Backoff()
    var renewals = 0
    var hasToldOfOther = false
    while !Task.isCancelled {
      var wait: UInt64?
      var reason: String
      do {
        guard let lock = try takeLock() else {
          if !hasToldOfOther {
            events.yield(.disconnected(reason: "Another process syncs this profile.", retryAfterMilliseconds: 1_000))
          }
          hasToldOfOther = true
          try await run.wait(1_000)
          continue
        }
        defer { release(lock) }
        hasToldOfOther = false
        let began = environment.nowMilliseconds()
        switch try await run.session() {
        case .finished: (reason, wait) = ("The session ended.", 0)
        case .retry(let after, let why):
          // A session that held for a while was a success; one that breaks at once counts as a failure.
          if environment.nowMilliseconds() &- began > Backoff.lastCeilingMilliseconds { backoff.succeeded() }
          (reason, wait) = (why, backoff.failed(serverAskedMilliseconds: after, randomness: run.randomness()))
        case .stopped(let stop, let detail):
          renewals += 1
          try await run.settle(stop, detail: detail, renewals: renewals)
          (reason, wait) = (stop.sentence, 0)
        }
      } catch {
        reason = error.sentence
        if error.code == .unreachable || error.code == .cacheInUse {
          wait = backoff.failed(serverAskedMilliseconds: 0, randomness: run.randomness())
        }
      }
      events.yield(.disconnected(reason: reason, retryAfterMilliseconds: wait))
      guard let wait else { return }
      do { try await run.wait(wait) } catch { return }
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
