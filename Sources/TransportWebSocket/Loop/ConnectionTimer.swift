// The one timer of each connection; it ends in a TIMER callback. Used on the loop's thread only.
import CWebSockets

/// Starts and stops connections' timers.
enum ConnectionTimer {
  private static let neverSeconds = 10 * 365 * 86_400

  /// Starts the timer, or starts it anew.
  static func start(_ connection: OpaquePointer, seconds: Int) {
    lws_set_timer_usecs(connection, lws_usec_t(min(max(seconds, 0), neverSeconds)) * 1_000_000)
  }

  /// Puts the timer off for good: in version 4.1 the library's own way to cancel one makes it fire at once.
  static func stop(_ connection: OpaquePointer) {
    start(connection, seconds: neverSeconds)
  }
}
