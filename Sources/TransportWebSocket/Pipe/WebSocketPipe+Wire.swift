// The half of a pipe that lives on the loop's thread: writing what waits, taking what comes, and the end.
import CWebSockets
import Synchronization
import Transport

extension WebSocketPipe {
  /// The library's side of one connection.
  ///
  /// `@unchecked Sendable`: `isPaused` is atomic; everything else is touched by the loop's thread only.
  final class Wire: @unchecked Sendable {
    let isPaused = Atomic(false)
    var connection: OpaquePointer?
    var assembly: MessageAssembly
    /// The close frame to send, once everything before it is written.
    var closeFrame: (code: UInt16, reason: String)?
    var peerClosing: (code: UInt16, reason: String)?
    /// Why this side gave the connection up, if it did.
    var fault: PipeError?
    var pace: ReadingPace
    /// How often a peer that was given up may still show that it reads; nil while it was not given up.
    var farewellSpans: Int?
    /// Whether the system was told to let go of everything at once.
    var isReset = false

    init(connection: OpaquePointer, assembly: MessageAssembly, pace: ReadingPace) {
      self.connection = connection
      self.assembly = assembly
      self.pace = pace
    }

    /// How much the peer has taken so far: what its system has acknowledged, frames and TLS included. What the library or
    /// this side's system still holds does not count.
    func takenBytes(_ connection: OpaquePointer) -> Int {
      Int(clamping: countersign_acknowledged_bytes(lws_get_socket_fd(connection)))
    }

    func resumeReading() {
      guard let connection else { return }
      lws_rx_flow_control(connection, 1)
    }
  }

  private enum Order {
    case write([UInt8])
    case close(code: UInt16, reason: String)
    case rest
  }

  func askToWrite() {
    // Once the close frame is due, nothing comes before it any more.
    guard let connection = wire.connection, wire.closeFrame == nil else { return }
    watchPace(connection)
    lws_callback_on_writable(connection)
  }

  /// The socket takes more: writes until it chokes or nothing waits. Returns what the library expects.
  func writeWaiting() -> Int32 {
    guard let connection = wire.connection else { return -1 }
    let kind = encoding == .binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT
    while wire.closeFrame == nil {
      switch nextOrder(isFlushed: lws_partial_buffered(connection) == 0) {
      case .write(let message):
        guard loop.write(message, to: connection, as: kind) else { return -1 }
        budget.release(message.count)
        if lws_send_pipe_choked(connection) != 0 {
          askToWrite()
          return 0
        }
      case .close(let code, let reason):
        // From here the library would close without a close frame; from the timer's callback it sends one.
        wire.closeFrame = (code, reason)
        ConnectionTimer.start(connection, seconds: 0)
      case .rest:
        if lws_partial_buffered(connection) != 0 { askToWrite() } else { stopWatching(connection) }
        return 0
      }
    }
    return 0
  }

  private func nextOrder(isFlushed: Bool) -> Order {
    outbox.withLock { outbox in
      if let message = outbox.takeFirst() { return .write(message) }
      if isFlushed, let closing = outbox.closing { return .close(code: closing.code, reason: closing.reason) }
      if isFlushed { outbox.isScheduled = false }
      return .rest
    }
  }

  /// The connection's timer: all is written and the close frame is due, or it is time to see whether the peer reads.
  /// Returns what the library expects.
  func timerFired() -> Int32 {
    if let (code, reason) = wire.closeFrame {
      giveReason(code: code, reason: reason)
      return -1
    }
    guard let connection = wire.connection else { return -1 }
    judgePace(connection)
    return 0
  }

  /// Bytes of a message arrived. Returns what the library expects.
  func received(_ piece: UnsafeRawBufferPointer) -> Int32 {
    guard let connection = wire.connection else { return -1 }
    let verdict = wire.assembly.add(
      piece, isBinary: lws_frame_is_binary(connection) != 0, remainingBytes: UInt(lws_remaining_packet_payload(connection)),
      isFinal: lws_is_final_fragment(connection) != 0)
    switch verdict {
    case .needMore: return 0
    case .whole(let message):
      if !queue.offer(message) { pauseReading(connection) }
      return 0
    case .refuse(let code, let reason):
      let closure = PipeClosure(code: code, reason: reason, byPeer: false)
      wire.fault = PipeError(.refused, "The other side broke the protocol (\(code), \(reason)).", closure: closure)
      giveReason(code: code, reason: reason)
      return -1
    }
  }

  private func pauseReading(_ connection: OpaquePointer) {
    lws_rx_flow_control(connection, 0)
    wire.isPaused.store(true, ordering: .sequentiallyConsistent)
    // The consumer may have made room before it could see the flag.
    if queue.count < limits.incomingMessages, wire.isPaused.exchange(false, ordering: .sequentiallyConsistent) {
      lws_rx_flow_control(connection, 1)
    }
  }

  /// The peer's close frame: two bytes of code, then the reason; both may be missing.
  func peerAskedToClose(_ payload: UnsafeRawBufferPointer) {
    guard payload.count >= 2 else {
      wire.peerClosing = (1005, "")
      return
    }
    let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
    wire.peerClosing = (code, String(decoding: payload.dropFirst(2), as: UTF8.self))
  }

  /// The library has let go of the connection, or will never carry it again.
  func wireEnded() {
    wire.connection = nil
    let closing = outbox.withLock { $0.closing }
    let closure =
      wire.fault?.closure ?? closing.map { PipeClosure(code: $0.code, reason: $0.reason, byPeer: false) }
      ?? wire.peerClosing.map { PipeClosure(code: $0.code, reason: $0.reason, byPeer: true) }
      ?? PipeClosure(code: 1006, reason: "the connection broke", byPeer: true)
    guard ended.open(closure) else { return }
    let error = wire.fault ?? PipeError.closed(closure)
    budget.fail(error)
    outbox.withLock { outbox in
      outbox.messages = []
      outbox.readIndex = 0
      outbox.closing = (closure.code, closure.reason)
    }
    budget.release(budget.buffered)
    queue.finish(throwing: wire.fault == nil && closure.isOrdinary ? nil : error)
  }

  /// Nobody waits for this connection any more. What the system holds already is still sent.
  func letGo() {
    guard let connection = wire.connection else { return }
    countersign_lws_kill_soon(connection)
    wireEnded()
  }

  func giveReason(code: UInt16, reason: String) {
    guard let connection = wire.connection else { return }
    // A close frame holds at most 125 bytes, two of them the code. The library copies them.
    var bytes = Array(reason.utf8.prefix(123))
    let status = lws_close_status(UInt32(code))
    bytes.withUnsafeMutableBufferPointer { lws_close_reason(connection, status, $0.baseAddress, $0.count) }
  }
}
