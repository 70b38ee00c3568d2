// The last try to sync that failed, kept beside the cache until a session opens again, so that every later command can tell
// of it.
import ReviewModel
import Storage
import Synchronization

/// A try that failed: when, why, and when a running `watch` tries again.
struct FailedTry: Sendable, Hashable {
  /// Of the reason, more is not kept: some of it comes from other programs.
  static let reasonLimit = 500

  var atMilliseconds: UInt64
  /// Nil if nobody goes on trying.
  var nextMilliseconds: UInt64?
  /// In words for a person.
  var reason: String

  init(atMilliseconds: UInt64, nextMilliseconds: UInt64?, reason: String) {
    self.atMilliseconds = atMilliseconds
    self.nextMilliseconds = nextMilliseconds
    self.reason = String(reason.prefix(Self.reasonLimit))
  }

  /// As it is kept: both times and the reason, with spaces between them.
  var text: String { "\(atMilliseconds) \(nextMilliseconds ?? 0) \(reason)" }

  init?(text: String) {
    let pieces = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard pieces.count == 3, let at = UInt64(pieces[0]), let next = UInt64(pieces[1]) else { return nil }
    self.init(atMilliseconds: at, nextMilliseconds: next == 0 ? nil : next, reason: String(pieces[2]))
  }
}

/// How far a try has come, for whoever gives it up when its time is over: that the server did not answer is said only of
/// one that was asked from here and was not heard. What other processes wait for, they tell themselves.
final class SyncTrial: Sendable {
  private enum Stage {
    case waiting
    case asking
    case heard
  }

  private let stage = Mutex(Stage.waiting)

  /// Whether this process has asked, and no session has opened.
  var isUnanswered: Bool { stage.withLock { $0 == .asking } }

  func began() { stage.withLock { $0 = .asking } }

  func opened() { stage.withLock { $0 = .heard } }
}

extension Profile {
  static let failedTrySetting = "failed_try"

  /// Remembers a failed try for every later command.
  ///
  /// - Parameter nextAfterMilliseconds: when this process tries again; nil if it does not.
  func noteFailure(_ reason: String, nextAfterMilliseconds: UInt64? = nil) {
    let now = environment.nowMilliseconds()
    let next = nextAfterMilliseconds.map { wait -> UInt64 in
      let (sum, isOverflow) = now.addingReportingOverflow(wait)
      return isOverflow ? .max : sum
    }
    let failed = FailedTry(atMilliseconds: now, nextMilliseconds: next, reason: reason)
    // Where not even this can be written, the next try fails in the same way and says so.
    try? openedCache().set(Self.failedTrySetting, to: failed.text)
  }

  /// The last try, if it failed; the next one only while some process runs the live session.
  func failedTry(_ cache: any CacheStore) throws -> FailedTry? {
    guard let text = try cache.setting(Self.failedTrySetting), var failed = FailedTry(text: text) else { return nil }
    if try !environment.files.isLocked(paths.watch) { failed.nextMilliseconds = nil }
    return failed
  }
}
