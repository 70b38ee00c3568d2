// Every session of this server: so that time passes for all of them by one clock, and that all are told when it stops.
import SyncEngine
import Synchronization

package final class SessionRegistry: Sendable {
  /// Nobody comes back earlier after a stop.
  static let comeBackAfterMilliseconds: UInt64 = 500
  /// Sessions come back spread over this long from then on, and over a millisecond for each where that is longer.
  static let comeBackMilliseconds: UInt64 = 2_000

  private struct State {
    var mailboxes: [UInt64: SessionMailbox] = [:]
    var last: UInt64 = 0
    var isStopping = false
  }

  private let state = Mutex(State())

  package init() {}

  /// Whether no new session is taken any more.
  package var isStopping: Bool { state.withLock { $0.isStopping } }

  package var count: Int { state.withLock { $0.mailboxes.count } }

  /// Nil once the server is stopping.
  func add(_ mailbox: SessionMailbox) -> UInt64? {
    state.withLock { state in
      guard !state.isStopping else { return nil }
      state.last += 1
      state.mailboxes[state.last] = mailbox
      return state.last
    }
  }

  func remove(_ ticket: UInt64) { state.withLock { $0.mailboxes[ticket] = nil } }

  /// Time has passed.
  package func tick() {
    for mailbox in state.withLock({ Array($0.mailboxes.values) }) { mailbox.post(.ticked) }
  }

  /// Tells every session to end, each with its own moment to come back.
  package func stop() {
    let mailboxes = state.withLock { state -> [SessionMailbox] in
      state.isStopping = true
      return Array(state.mailboxes.values)
    }
    for (index, mailbox) in mailboxes.enumerated() {
      mailbox.post(.shuttingDown(retryAfterMilliseconds: Self.comeBack(index: index, of: mailboxes.count)))
    }
  }

  /// When one of so many sessions comes back.
  private static func comeBack(index: Int, of count: Int) -> UInt64 {
    let spread = max(comeBackMilliseconds, UInt64(count))
    return comeBackAfterMilliseconds + UInt64(index) * spread / UInt64(count)
  }
}
