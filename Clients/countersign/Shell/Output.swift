// Where a command writes: a file descriptor, or memory for tests. Bytes are collected and written in large pieces.
import Glibc
import Synchronization

/// Standard output or standard error.
final class Output: Sendable {
  static let bufferBytes = 64 * 1024

  private struct State {
    var buffer: [UInt8] = []
    /// Why nothing more can be written, as the system's number.
    var fault: Int32?
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
      return state.fault == nil
    }
  }

  /// Why the answer is not whole, in the system's words. A reader that went away (`| head`) has had what it wanted.
  var failure: String? {
    guard let fault = state.withLock({ $0.fault }), fault != EPIPE else { return nil }
    return String(cString: strerror(fault))
  }

  /// Whether whatever is written from now on is lost: seen without writing, if the reader of a pipe has gone.
  var isClosed: Bool {
    if state.withLock({ $0.fault != nil }) { return true }
    guard let descriptor else { return false }
    var poller = pollfd(fd: descriptor, events: 0, revents: 0)
    return poll(&poller, 1, 0) > 0 && Int32(poller.revents) & (POLLERR | POLLHUP) != 0
  }

  /// What was written, if it was kept.
  var kept: String { state.withLock { String(decoding: $0.buffer, as: UTF8.self) } }

  /// After an error the rest is dropped, and the error remembered.
  private func flush(_ state: inout State) {
    guard let descriptor else { return }
    var rest = state.buffer[...]
    while !rest.isEmpty && state.fault == nil {
      // Safe: the bytes are lent for the call.
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count < 0 && errno != EINTR && errno != EAGAIN {
        state.fault = errno
      }
    }
    state.buffer.removeAll(keepingCapacity: true)
  }
}
