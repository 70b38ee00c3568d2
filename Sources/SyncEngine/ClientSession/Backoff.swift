// How long to wait before connecting again: exponential with full jitter, never before the server's own wish.

/// Counts failures in a row; the randomness is a parameter.
package struct Backoff: Sendable, Hashable {
  package static let firstCeilingMilliseconds: UInt64 = 500
  package static let lastCeilingMilliseconds: UInt64 = 120_000
  private static let doublingsLimit: UInt64 = 10
  /// A server may ask for patience, not for ever: a client that never comes back loses what its person has said.
  package static let askedLimitMilliseconds: UInt64 = 3_600_000

  package private(set) var failures: UInt64 = 0

  package init() {}

  /// A session was open: the next failure is the first again.
  package mutating func succeeded() { failures = 0 }

  /// The wait before the next attempt, in milliseconds: a random share of the ceiling, which doubles with each failure,
  /// added to what the server asked for (an hour at most), so that a fleet told the same time does not come back in one moment.
  ///
  /// - Parameter randomness: uniformly random bits.
  package mutating func failed(serverAskedMilliseconds asked: UInt64, randomness: UInt64) -> UInt64 {
    let doublings = min(failures, Self.doublingsLimit)
    failures += 1
    let ceiling = min(Self.firstCeilingMilliseconds << doublings, Self.lastCeilingMilliseconds)
    let wait = randomness % (ceiling + 1)
    return min(asked, Self.askedLimitMilliseconds) + wait
  }
}
