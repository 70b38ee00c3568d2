// One WebSocket connection as a pipe: the half that tasks use. What happens on the loop's thread is in the slice +Wire.
import CWebSockets
import Synchronization
import Transport

/// A connection of the server or the client.
///
/// `@unchecked Sendable`: `outbox` is a mutex; `wire` is touched by the loop's thread only.
final class WebSocketPipe: FramePipe, @unchecked Sendable {
  /// What tasks and the loop share.
  struct Outbox {
    /// WebSocket leaves the codes from here on to those who use it.
    private static let firstOwnCode: UInt16 = 4_000

    var messages: [[UInt8]] = []
    var readIndex = 0
    /// Whether the loop has been asked to write and has not come to an end yet.
    var isScheduled = false
    var closing: (code: UInt16, reason: String)?
    /// What takes the place of the messages when the peer does not read them.
    var farewell: Farewell?

    mutating func takeFirst() -> [UInt8]? {
      guard readIndex < messages.count else { return nil }
      defer {
        readIndex += 1
        if readIndex == messages.count || readIndex >= 256 {
          messages.removeFirst(readIndex)
          readIndex = 0
        }
      }
      return messages[readIndex]
    }

    /// Drops the messages but for the last word, and answers with the close code that follows it; nil if there is none.
    ///
    /// The last word is the farewell, or, when a close is queued already, what was queued last before it. Only a code of
    /// our own comes with such a word; before another one it would be a message behind a gap.
    mutating func keepLastWord() -> UInt16? {
      let last: [UInt8]?
      if let closing {
        last = closing.code >= Self.firstOwnCode ? messages.dropFirst(readIndex).last : nil
      } else {
        last = farewell?.message
        closing = farewell.map { (code: $0.code, reason: "") }
      }
      messages = last.map { [$0] } ?? []
      readIndex = 0
      return closing?.code
    }
  }

  let encoding: FrameEncoding
  let peerDescription: String
  let tlsCertificateDigest: [UInt8]?
  let limits: PipeLimits
  let loop: WebSocketLoop
  let queue: FrameQueue
  let budget: SendBudget
  let ended = Latch<PipeClosure>()
  let outbox = Mutex(Outbox())
  let wire: Wire

  init(
    connection: OpaquePointer, encoding: FrameEncoding, peerDescription: String, digest: [UInt8]?, limits: PipeLimits,
    loop: WebSocketLoop
  ) {
    self.encoding = encoding
    self.peerDescription = peerDescription
    tlsCertificateDigest = digest
    self.limits = limits
    self.loop = loop
    let wire = Wire(
      connection: connection, assembly: MessageAssembly(encoding: encoding, limitBytes: limits.maximumMessageBytes(encoding)),
      pace: ReadingPace(minimumBytes: limits.minimumProgressBytes))
    self.wire = wire
    budget = SendBudget(capacity: limits.sendBufferBytes)
    let resumeBelow = max(1, limits.incomingMessages / 2)
    queue = FrameQueue(capacity: limits.incomingMessages) { [weak loop] _, remaining in
      guard remaining < resumeBelow, wire.isPaused.exchange(false, ordering: .sequentiallyConsistent) else { return }
      loop?.submit { wire.resumeReading() }
    }
  }

  var incoming: IncomingFrames { IncomingFrames(queue) }

  var bufferedBytes: Int { budget.buffered }

  var closure: PipeClosure? { ended.value }

  func send(_ message: [UInt8]) async throws {
    guard !message.isEmpty, message.count <= limits.maximumMessageBytes(encoding) else {
      throw PipeError(.messageTooLong, "A message of \(message.count) bytes is not within 1 and the limit; split it.")
    }
    try await budget.reserve(message.count)
    let mustSchedule = outbox.withLock { outbox -> Bool? in
      guard outbox.closing == nil else { return nil }
      outbox.messages.append(message)
      defer { outbox.isScheduled = true }
      return !outbox.isScheduled
    }
    guard let mustSchedule else {
      budget.release(message.count)
      // Says why the pipe ended, if it has.
      try await budget.wait(below: .max)
      throw PipeError(.closed, "The connection is being closed; connect again.", closure: ended.value)
    }
    if mustSchedule { scheduleWriting() }
  }

  func waitUntilWritable(below bytes: Int) async throws {
    try await budget.wait(below: bytes)
  }

  func setFarewellToSlowReader(_ farewell: Farewell) {
    outbox.withLock { $0.farewell = farewell }
  }

  func close(code: UInt16, reason: String) async {
    beginClosing(code: code, reason: reason)
    _ = await ended.wait()
  }

  func abandon() {
    beginClosing(code: 1001, reason: "")
    // When the loop is ending it will not run this, and ends every pipe itself.
    loop.submit { self.letGo() }
  }

  /// Asks for the close frame after what is buffered; nobody can send after this.
  func beginClosing(code: UInt16, reason: String) {
    let mustSchedule = outbox.withLock { outbox -> Bool? in
      guard outbox.closing == nil else { return nil }
      outbox.closing = (code, reason)
      defer { outbox.isScheduled = true }
      return !outbox.isScheduled
    }
    guard let mustSchedule, ended.value == nil else { return }
    budget.fail(.closed(PipeClosure(code: code, reason: reason, byPeer: false)))
    queue.finish()
    if mustSchedule { scheduleWriting() }
    // The peer's answer to the close frame must be read even if the consumer lagged.
    if wire.isPaused.exchange(false, ordering: .sequentiallyConsistent) { loop.submit { self.wire.resumeReading() } }
  }

  private func scheduleWriting() {
    // When the loop is ending it will not run this, and ends every pipe itself.
    loop.submit { self.askToWrite() }
  }
}
