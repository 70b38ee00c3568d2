// Which setting of each timer is the current one: a timer that was set again or cancelled fires into the void.
import SyncEngine
import Synchronization

final class SessionTimers: Sendable {
  private let generations = Mutex<[SessionTimer: Int]>([:])

  /// A new setting; older ones no longer count.
  func set(_ timer: SessionTimer) -> Int {
    generations.withLock { generations in
      generations[timer, default: 0] += 1
      return generations[timer, default: 0]
    }
  }

  func cancel(_ timer: SessionTimer) { _ = set(timer) }

  func isCurrent(_ timer: SessionTimer, _ generation: Int) -> Bool {
    generations.withLock { $0[timer] == generation }
  }
}
