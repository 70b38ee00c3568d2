// What the network between one device and the server is like at the moment.

final class NetworkCondition {
  /// Nothing can be connected; an open connection hangs.
  var isDown = false
  /// Frames of the device do not arrive.
  var isUpBlocked = false
  /// Frames of the server do not arrive.
  var isDownBlocked = false
  /// On top of the plan's latency, in milliseconds.
  var extraLatency: UInt64 = 0

  var isUsable: Bool { !isDown && !isUpBlocked && !isDownBlocked }

  func heal() {
    isDown = false
    isUpBlocked = false
    isDownBlocked = false
    extraLatency = 0
  }
}
