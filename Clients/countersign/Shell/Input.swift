// What a command reads from standard input: lines, everything, or single keys of a terminal.
import Glibc
import Synchronization

/// Standard input, or lines given by a test.
final class Input: Sendable {
  /// No line that anybody means is longer; what has no line breaks at all must not fill the memory.
  private static let lineByteLimit = 1 << 20
  private static let byteLimit = 64 << 20

  private struct State {
    var buffer: [UInt8] = []
    var isAtEnd = false
    /// Why nothing more can be read, as the system's number.
    var fault: Int32?
  }

  private let descriptor: Int32?
  private let state: Mutex<State>

  init(descriptor: Int32) {
    self.descriptor = descriptor
    state = Mutex(State())
  }

  init(lines: [String]) {
    descriptor = nil
    state = Mutex(State(buffer: Array(lines.map { $0 + "\n" }.joined().utf8), isAtEnd: true))
  }

  /// The next line without its break; nil at the end.
  func line() -> String? {
    state.withLock { state in
      var searched = 0
      while true {
        if let end = state.buffer[searched...].firstIndex(of: 0x0A) {
          let line = state.buffer[..<end]
          state.buffer.removeFirst(end + 1)
          return String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
        }
        searched = state.buffer.count
        if searched > Self.lineByteLimit { state.isAtEnd = true }
        if fill(&state) { continue }
        guard !state.buffer.isEmpty else { return nil }
        defer { state.buffer = [] }
        return String(decoding: state.buffer, as: UTF8.self)
      }
    }
  }

  /// Everything up to the end; of what is far too much, only more than is allowed anywhere.
  func all() -> [UInt8] {
    state.withLock { state in
      while state.buffer.count <= Self.byteLimit, fill(&state) {}
      defer { state.buffer = [] }
      return state.buffer
    }
  }

  /// What was read up to an error is not all that was meant.
  ///
  /// - Throws: a failure with the system's words, if the end was none.
  func requireWhole() throws {
    guard let fault = state.withLock({ $0.fault }) else { return }
    throw CommandFailure(
      .failure, "input", "Standard input could not be read to its end: \(String(cString: strerror(fault))).",
      remedy: "See to where it comes from, and try again.")
  }

  /// Forgets what was typed on a terminal before a question stood there: it cannot be the answer to what nobody had seen,
  /// least of all where the answer is signed. What comes through a pipe was written beforehand on purpose, and stays.
  func forgetTypedAhead() {
    guard let descriptor, isatty(descriptor) == 1 else { return }
    state.withLock { state in
      state.buffer = []
      tcflush(descriptor, TCIFLUSH)
    }
  }

  /// One key of a terminal, typed from now on and read without waiting for the return key; nil at the end and on control-C
  /// and control-D.
  func key() -> Character? {
    guard let descriptor else { return line()?.first }
    let isTerminal = isatty(descriptor) == 1
    return RawMode.within(descriptor) {
      state.withLock { state in
        // What came together with the last key. The terminal's own queue was emptied on the way into raw mode.
        if isTerminal { state.buffer = [] }
        if state.buffer.isEmpty && !fill(&state) { return nil }
        let byte = state.buffer.removeFirst()
        // The rest of an arrow key and the like is no answer to anything.
        if byte == 0x1B { state.buffer = [] }
        return byte == 3 || byte == 4 ? nil : Character(Unicode.Scalar(byte))
      }
    }
  }

  /// A line that is not shown while it is typed.
  func secret() -> String? {
    guard let descriptor else { return line() }
    return RawMode.within(descriptor, keepsLines: true) { line() }
  }

  private func fill(_ state: inout State) -> Bool {
    guard let descriptor, !state.isAtEnd else { return false }
    var bytes = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = read(descriptor, &bytes, bytes.count)
      if count > 0 {
        state.buffer += bytes[..<count]
        return true
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN {
        // Whoever shares the descriptor wants nobody to wait; here there is nothing else to do.
        var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&poller, 1, -1)
        continue
      }
      if count < 0 { state.fault = errno }
      state.isAtEnd = true
      return false
    }
  }
}
