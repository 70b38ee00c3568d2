// How often the view is brought up to date while a session receives: at once while that is cheap, and seldom enough while
// much is pending that most of the time is left for receiving. Every refresh replays all that is pending.

/// Decides when the next refresh is due; times come from a clock that only goes forward.
package struct RefreshPacing: Sendable {
  /// How much longer than a refresh took is waited before the next one.
  static let factor: UInt64 = 4
  /// The view is never older than this, whatever a refresh costs.
  package static let longestWaitMilliseconds: UInt64 = 1_000

  private var lastEnded: UInt64 = 0
  private var waits: UInt64 = 0

  package init() {}

  /// The time until the next refresh may begin, 0 for now.
  package func wait(nowMilliseconds now: UInt64) -> UInt64 {
    let due = lastEnded + waits
    return now >= due ? 0 : due - now
  }

  package mutating func refreshed(fromMilliseconds began: UInt64, toMilliseconds ended: UInt64) {
    lastEnded = ended
    // Less than a millisecond is nothing to wait for.
    waits = min((ended - min(began, ended)) * Self.factor, Self.longestWaitMilliseconds)
  }
}
