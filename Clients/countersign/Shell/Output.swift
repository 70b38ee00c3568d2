// Where a command writes: a file descriptor, or memory for tests. Bytes are collected and written in large pieces.
import Glibc
import Synchronization

/// Standard output or standard error.
final class Output: Sendable {
  static let bufferBytes = 64 * 1024

  private struct State {
    var buffer: [UInt8] = []
    var isClosed = false
  }

  private let descriptor: Int32?
  private let state = Mutex(State())

  /// With no descriptor everything is kept.
  init(descriptor: Int32?) { self.descriptor = descriptor }

  func write(_ bytes: [UInt8]) {
    state.withLock { state in
      state.buffer += bytes
      if state.buffer.count >= Self.bufferBytes { flush(&state) }
    }
  }

  func write(_ text: String) {
    state.withLock { state in
      state.buffer.append(contentsOf: text.utf8)
      if state.buffer.count >= Self.bufferBytes { flush(&state) }
    }
  }

  func line(_ text: String = "") { lines(CollectionOfOne(text)) }

  func lines(_ texts: some Collection<String>) {
    state.withLock { state in
      for text in texts {
        state.buffer.append(contentsOf: text.utf8)
        state.buffer.append(0x0A)
        if state.buffer.count >= Self.bufferBytes { flush(&state) }
      }
    }
  }

  /// - Returns: whether everything has been written, now and before.
  @discardableResult
  func flush() -> Bool {
    state.withLock { state in
      flush(&state)
      return !state.isClosed
    }
  }

  /// What was written, if it was kept.
  var kept: String { state.withLock { String(decoding: $0.buffer, as: UTF8.self) } }

  /// A reader that went away (`| head`) is no failure of the command: the rest is dropped.
  private func flush(_ state: inout State) {
    guard let descriptor else { return }
    var rest = state.buffer[...]
    while !rest.isEmpty && !state.isClosed {
      // Safe: the bytes are lent for the call.
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count < 0 && errno != EINTR && errno != EAGAIN {
        state.isClosed = true
      }
    }
    state.buffer.removeAll(keepingCapacity: true)
  }
}
