// The signals that end the server in order.
import Glibc
import UnixSignals

enum StopSignals {
  /// A service manager's, Ctrl-C, and the terminal's that closes, unless whoever started the server has seen to it that it
  /// outlives that one, as `nohup` does.
  static func current() -> [UnixSignal] { isHangUpIgnored ? [.sigterm, .sigint] : [.sigterm, .sigint, .sighup] }

  private static var isHangUpIgnored: Bool {
    var action = sigaction()
    guard sigaction(SIGHUP, nil, &action) == 0 else { return false }
    // Safe: a handler is as wide as an integer, and "ignore" is an integer that no function has as its address.
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
