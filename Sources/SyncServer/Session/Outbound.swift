// A session's frames on their way into the pipe: a queue whose bytes are counted, and one task that empties it. While it
// is fuller than it should be, the client's frames are not read: whoever does not listen cannot ask for more.
import SyncEngine
import Synchronization
import Transport

final class Outbound: Sendable {
  private enum Item: Sendable {
    case frame([UInt8])
    case close(code: UInt16)
  }

  private struct State {
    var bytes = 0
    var isChoked = false
    var hasEnded = false
    /// The reading side, while it waits for room.
    var reader: CheckedContinuation<Void, Never>?

    mutating func takeReader() -> CheckedContinuation<Void, Never>? {
      defer { reader = nil }
      return reader
    }
  }

  private let items: AsyncStream<Item>
  private let continuation: AsyncStream<Item>.Continuation
  private let state = Mutex(State())

  init() {
    (items, continuation) = AsyncStream.makeStream(of: Item.self, bufferingPolicy: .unbounded)
  }

  /// Whether the queue is fuller than it should be.
  var isChoked: Bool { state.withLock { $0.isChoked } }

  /// Appends a frame; true if the queue has just become fuller than it should be.
  func append(_ frame: [UInt8]) -> Bool {
    continuation.yield(.frame(frame))
    return state.withLock { state in
      state.bytes += frame.count
      guard !state.isChoked, state.bytes > ServerSessionLimits.chokedBytes else { return false }
      state.isChoked = true
      return true
    }
  }

  /// Suspends while the queue is fuller than it should be; returns at once when nothing empties it any more. For one task.
  func waitWhileChoked() async {
    await withCheckedContinuation { continuation in
      let mustWait = state.withLock { state -> Bool in
        guard state.isChoked, !state.hasEnded else { return false }
        state.reader = continuation
        return true
      }
      if !mustWait { continuation.resume() }
    }
  }

  /// Closes the pipe once everything before is sent.
  func close(code: UInt16) {
    continuation.yield(.close(code: code))
    continuation.finish()
  }

  func abandon() { continuation.finish() }

  /// Empties the queue into the pipe until it is closed or broken.
  func run(_ pipe: any FramePipe, mailbox: SessionMailbox) async {
    defer { end() }
    for await item in items {
      switch item {
      case .frame(let frame):
        do {
          try await pipe.send(frame)
        } catch {
          // The pipe is broken, or its reader was given up. Nothing empties the queue any more, and the reading side must
          // learn why before the pipe has ended, which may take a while.
          end()
          return await pipe.close(code: 1011, reason: "")
        }
        if release(frame.count) { mailbox.post(.becameWritable) }
      case .close(let code): return await pipe.close(code: code, reason: "")
      }
    }
  }

  /// True if there has just become room.
  private func release(_ count: Int) -> Bool {
    let (hasRoom, reader) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
      state.bytes -= count
      guard state.isChoked, state.bytes < ServerSessionLimits.writableBytes else { return (false, nil) }
      state.isChoked = false
      return (true, state.takeReader())
    }
    reader?.resume()
    return hasRoom
  }

  private func end() {
    let reader = state.withLock { state in
      state.hasEnded = true
      return state.takeReader()
    }
    reader?.resume()
  }
}
