// How long somebody who waits for the server's answer rests between two tries. Everybody who waits was refused in the same
// moment, and must not come back in the same one.
import SyncEngine
import Synchronization

/// The tries of one command that waits.
public struct RetryPacing: Sendable {
  /// A person sits and waits: so much is added by chance to what the server asks for, and no more.
  static let longestMilliseconds: UInt64 = 10_000
  /// What another process does costs the server nothing.
  static let otherProcessMilliseconds: UInt64 = 1_000

  private var backoff = Backoff()

  /// Before the first try.
  public init() {}

  /// - Parameters:
  ///   - asked: how much longer the server wants to be left alone.
  ///   - randomness: uniformly random bits.
  mutating func pause(after attempt: SyncAttempt, askedMilliseconds asked: UInt64, randomness: UInt64) -> UInt64 {
    switch attempt {
    case .poked:
      backoff.succeeded()
      return Self.otherProcessMilliseconds
    case .synced, .unreachable, .timedOut, .refused:
      let wait = backoff.failed(serverAskedMilliseconds: 0, randomness: randomness)
      return asked + min(wait, Self.longestMilliseconds)
    }
  }
}

extension Profile {
  /// How long to rest after a try that has not brought the answer, in milliseconds.
  public func pauseMilliseconds(after attempt: SyncAttempt, _ pacing: inout RetryPacing) -> UInt64 {
    let (now, until) = (environment.uptimeMilliseconds(), state.withLock { $0.askedUntil })
    let randomness = environment.randomBytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return pacing.pause(after: attempt, askedMilliseconds: until - min(until, now), randomness: randomness)
  }

  /// The server does not want to be asked again before so many milliseconds; an hour at most, as everywhere.
  func noteAsked(forMilliseconds asked: UInt64) {
    let until = environment.uptimeMilliseconds() + min(asked, Backoff.askedLimitMilliseconds)
    state.withLock { $0.askedUntil = until }
  }
}
