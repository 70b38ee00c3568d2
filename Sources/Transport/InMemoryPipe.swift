// A pipe without a network, for tests and the simulator: two ends in one process with the bounds and the back-pressure
// of a real connection. It has no clock, therefore no write deadline.
import Synchronization

/// One end of a pipe in memory.
package final class InMemoryPipe: FramePipe {
  /// One direction: the receiver's queue, and the sender's budget that is given back as the receiver reads.
  private struct Channel {
    let queue: FrameQueue
    let budget: SendBudget

    init(limits: PipeLimits) {
      let budget = SendBudget(capacity: limits.sendBufferBytes)
      self.budget = budget
      queue = FrameQueue(capacity: limits.incomingMessages) { bytes, _ in budget.release(bytes) }
    }
  }

  /// What both ends share: how the pipe ended and which end (0 or 1) closed it.
  private final class Fate: Sendable {
    let ending = Mutex<(code: UInt16, reason: String, end: Int)?>(nil)
  }

  package let encoding: FrameEncoding
  package let peerDescription: String
  package let tlsCertificateDigest: [UInt8]?
  private let limits: PipeLimits
  private let inbound: Channel
  private let outbound: Channel
  private let fate: Fate
  private let end: Int

  private init(
    encoding: FrameEncoding, limits: PipeLimits, digest: [UInt8]?, inbound: Channel, outbound: Channel, fate: Fate, end: Int
  ) {
    self.encoding = encoding
    self.limits = limits
    peerDescription = end == 0 ? "memory server" : "memory client"
    tlsCertificateDigest = digest
    self.inbound = inbound
    self.outbound = outbound
    self.fate = fate
    self.end = end
  }

  /// Two connected ends.
  ///
  /// - Parameter tlsCertificateDigest: what both ends report as the server's certificate digest.
  package static func makePair(
    encoding: FrameEncoding = .binary, limits: PipeLimits = PipeLimits(), tlsCertificateDigest: [UInt8]? = nil
  ) -> (client: InMemoryPipe, server: InMemoryPipe) {
    let upward = Channel(limits: limits)
    let downward = Channel(limits: limits)
    let fate = Fate()
    let client = InMemoryPipe(
      encoding: encoding, limits: limits, digest: tlsCertificateDigest, inbound: downward, outbound: upward, fate: fate, end: 0)
    let server = InMemoryPipe(
      encoding: encoding, limits: limits, digest: tlsCertificateDigest, inbound: upward, outbound: downward, fate: fate, end: 1)
    return (client, server)
  }

  package var incoming: IncomingFrames { IncomingFrames(inbound.queue) }

  package var bufferedBytes: Int { outbound.budget.buffered }

  package var closure: PipeClosure? {
    fate.ending.withLock { $0 }.map { PipeClosure(code: $0.code, reason: $0.reason, byPeer: $0.end != end) }
  }

  package func send(_ message: [UInt8]) async throws {
    guard !message.isEmpty, message.count <= limits.maximumMessageBytes(encoding) else {
      throw PipeError(.messageTooLong, "A message of \(message.count) bytes is not within 1 and the limit; split it.")
    }
    try await outbound.budget.reserve(message.count)
    _ = outbound.queue.offer(message)
  }

  package func waitUntilWritable(below bytes: Int) async throws {
    try await outbound.budget.wait(below: bytes)
  }

  package func setFarewellToSlowReader(_ farewell: Farewell) {}

  package func close(code: UInt16, reason: String) async {
    cut(code: code, reason: reason)
  }

  package func abandon() { cut(code: 1006, reason: "") }

  /// Closes at once, without suspending: what `close` does, for callers that are not asynchronous.
  package func cut(code: UInt16, reason: String) {
    let isFirst = fate.ending.withLock { ending -> Bool in
      guard ending == nil else { return false }
      ending = (code, reason, end)
      return true
    }
    guard isFirst else { return }
    let mine = PipeClosure(code: code, reason: reason, byPeer: false)
    let theirs = PipeClosure(code: code, reason: reason, byPeer: true)
    outbound.budget.fail(.closed(mine))
    inbound.budget.fail(.closed(theirs))
    inbound.queue.finish()
    outbound.queue.finish(throwing: theirs.isOrdinary ? nil : PipeError.closed(theirs))
  }
}
