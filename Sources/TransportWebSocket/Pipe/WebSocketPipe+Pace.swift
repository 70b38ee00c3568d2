// The half of a pipe that deals with peers that do not read: first their queue is dropped for a farewell, and when not even
// that gets through, the connection is reset. On the loop's thread.
import CWebSockets
import Synchronization
import Transport

extension WebSocketPipe {
  /// A peer that was given up is waited for as long as it reads on, and for at most so many spans.
  private static let farewellSpans = 12

  /// Something waits: the pace is measured from now on, if it is not already.
  func watchPace(_ connection: OpaquePointer) {
    guard !wire.pace.isMeasuring else { return }
    wire.pace.begin(takenBytes: wire.takenBytes(connection))
    ConnectionTimer.start(connection, seconds: limits.writeDeadlineSeconds)
  }

  func stopWatching(_ connection: OpaquePointer) {
    wire.pace.rest()
    ConnectionTimer.stop(connection)
  }

  /// A span is over and something still waits.
  func judgePace(_ connection: OpaquePointer) {
    let verdict = wire.pace.judge(takenBytes: wire.takenBytes(connection))
    switch (verdict, wire.farewellSpans) {
    case (.goodEnough, nil): ConnectionTimer.start(connection, seconds: limits.writeDeadlineSeconds)
    case (.goodEnough, let spans?) where spans > 1:
      wire.farewellSpans = spans - 1
      ConnectionTimer.start(connection, seconds: limits.farewellSeconds)
    case (.tooSlow, nil): giveUp(connection)
    case (_, _?): reset(connection)
    }
  }

  /// Drops what waits but for the last word; without one the connection ends at once.
  private func giveUp(_ connection: OpaquePointer) {
    let code = outbox.withLock { $0.keepLastWord() }
    let closure = PipeClosure(code: code ?? 1006, reason: "too little was read", byPeer: false)
    let error = PipeError(
      .writeDeadline,
      "The other side read less than \(limits.minimumProgressBytes) bytes in \(limits.writeDeadlineSeconds) s; it was given up.",
      closure: closure)
    wire.fault = error
    budget.fail(error)
    queue.finish(throwing: error)
    guard code != nil else { return reset(connection) }
    wire.farewellSpans = Self.farewellSpans
    // The slightest progress counts now.
    wire.pace = ReadingPace(minimumBytes: 1)
    wire.pace.begin(takenBytes: wire.takenBytes(connection))
    ConnectionTimer.start(connection, seconds: limits.farewellSeconds)
    lws_callback_on_writable(connection)
  }

  /// Not by the ordinary way, which would first try to flush what nobody reads and leave it with the system.
  private func reset(_ connection: OpaquePointer) {
    countersign_reset_on_close(lws_get_socket_fd(connection))
    wire.isReset = true
    countersign_lws_kill_soon(connection)
  }
}
