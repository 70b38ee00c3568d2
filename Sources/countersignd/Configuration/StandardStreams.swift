// What the program says on its standard streams. Not by Foundation's handles: those end the process when a line cannot be
// written, and a full disk under the log is no reason for a server to die.
import Foundation
import Glibc
import Synchronization

enum StandardError {
  /// Writes it, or drops what there is no room for and nobody to read: there is nowhere left to say so.
  static func write(_ text: String) { _ = PlainWriting.write(Array(text.utf8), to: STDERR_FILENO) }
}

enum StandardOutput {
  /// Why something was not written; nothing is written after it.
  private static let failure = Mutex<CommandFailure?>(nil)

  /// Unbuffered, so that a pipe sees it at once. What cannot be written is told by `finish`.
  static func write(_ text: String) { write(Array(text.utf8)) }

  /// One JSON value with sorted names, on one line.
  static func write(json value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    write(Array(try encoder.encode(value)) + [UInt8(ascii: "\n")])
  }

  /// - Throws: `CommandFailure` if not everything was written: whoever asked does not have the whole answer.
  static func finish() throws {
    if let failure = failure.withLock({ $0 }) { throw failure }
  }

  private static func write(_ bytes: [UInt8]) {
    failure.withLock { failure in
      guard failure == nil, let code = PlainWriting.write(bytes, to: STDOUT_FILENO) else { return }
      failure = CommandFailure(
        """
        The answer could not be written to standard output (\(String(cString: strerror(code)))); what the command has \
        changed stays so. Make room and look at it again.
        """)
    }
  }
}

/// By the system's own calls.
enum PlainWriting {
  /// Writes all of the bytes; otherwise returns the system's number for what was in the way.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      // Safe: the bytes live for the call, and the count is theirs.
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else {
        let code = count == 0 ? EIO : errno
        if code != EINTR { return code }
      }
    }
    return nil
  }
}
