// A session's frames on their way into the pipe: a queue whose bytes are counted, and one task that empties it.
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
  }

  private let items: AsyncStream<Item>
  private let continuation: AsyncStream<Item>.Continuation
  private let state = Mutex(State())

  init() {
    (items, continuation) = AsyncStream.makeStream(of: Item.self, bufferingPolicy: .unbounded)
  }

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

  /// Closes the pipe once everything before is sent.
  func close(code: UInt16) {
    continuation.yield(.close(code: code))
    continuation.finish()
  }

  func abandon() { continuation.finish() }

  /// Empties the queue into the pipe until it is closed or broken.
  func run(_ pipe: any FramePipe, mailbox: SessionMailbox) async {
    for await item in items {
      switch item {
      case .frame(let frame):
        do {
          try await pipe.send(frame)
        } catch {
          // The pipe is broken or its reader too slow; closing it tells the reading side.
          return await pipe.close(code: 1011, reason: "")
        }
        if release(frame.count) { mailbox.post(.becameWritable) }
      case .close(let code): return await pipe.close(code: code, reason: "")
      }
    }
  }

  private func release(_ count: Int) -> Bool {
    state.withLock { state in
      state.bytes -= count
      guard state.isChoked, state.bytes < ServerSessionLimits.writableBytes else { return false }
      state.isChoked = false
      return true
    }
  }
}
