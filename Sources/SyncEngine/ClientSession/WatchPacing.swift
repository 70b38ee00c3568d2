// What a live session does after each of its tries: again, and when, or never by itself. Every end of a try has its place
// here, so that none of them leaves changes waiting for nobody.

/// Counts what went wrong in a row; the randomness is a parameter.
package struct WatchPacing: Sendable {
  /// What follows.
  package enum Step: Sendable, Hashable {
    case again(afterMilliseconds: UInt64, reason: String)
    /// The session stopped for a reason that only a new identity, or a person, can remove.
    case settle(SessionStop, detail: String, renewals: Int)
    case end(reason: String)
  }

  private var backoff = Backoff()
  private var renewals = 0

  package init() {}

  /// A session was opened and has ended.
  ///
  /// - Parameter lastedMilliseconds: from the try's beginning. One that held for a while was a success; one that breaks at
  ///   once counts as a failure.
  package mutating func ended(_ end: SessionEnd, lastedMilliseconds: UInt64, randomness: UInt64) -> Step {
    if lastedMilliseconds > Backoff.lastCeilingMilliseconds {
      backoff.succeeded()
      renewals = 0
    }
    switch end {
    case .finished: return again("The session ended.", randomness: randomness)
    case .retry(let asked, let reason): return again(reason, asked: asked, randomness: randomness)
    case .stopped(let stop, let detail):
      renewals += 1
      return .settle(stop, detail: detail, renewals: renewals)
    }
  }

  /// Nothing came of a try. What may heal is tried again for ever, ever more slowly; the rest is for a person.
  package mutating func failed(_ reason: String, mayHeal: Bool, randomness: UInt64) -> Step {
    mayHeal ? again(reason, randomness: randomness) : .end(reason: reason)
  }

  private mutating func again(_ reason: String, asked: UInt64 = 0, randomness: UInt64) -> Step {
    .again(afterMilliseconds: backoff.failed(serverAskedMilliseconds: asked, randomness: randomness), reason: reason)
  }
}
