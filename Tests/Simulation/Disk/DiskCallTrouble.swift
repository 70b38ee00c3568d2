// What is wrong with a simulated disk at the moment, and what each call meets because of it.

/// The calls that a disk can refuse.
package enum DiskCall: String, Sendable, CaseIterable {
  case open, read, write, sync, truncate, delete
}

/// Trouble that is on its way or going on.
struct DiskCallTrouble {
  /// Changing calls until everything stops: the process is killed, or the power fails.
  var callsUntilStop: Int?
  var failing: Set<DiskCall> = []
  /// Calls that still fail.
  var failuresLeft = 0
  /// Bytes that all files together may have.
  var capacity: Int?

  mutating func stops(at call: DiskCall) -> Bool {
    guard call != .read, let left = callsUntilStop else { return false }
    callsUntilStop = left > 0 ? left - 1 : nil
    return left == 0
  }

  mutating func fails(_ call: DiskCall) -> Bool {
    guard failuresLeft > 0, failing.contains(call) else { return false }
    if failuresLeft < .max { failuresLeft -= 1 }
    return true
  }
}
