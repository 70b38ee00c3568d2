// Files that a person names: read whole or measured, and private temporary ones for the editor.
import Glibc
import Trust

/// Bytes of files.
enum FileBytes {
  static let importLimitBytes = 64 * 1024 * 1024
  private static let chunkBytes = 256 * 1024

  /// The whole file.
  static func read(_ path: String, limitBytes: Int = importLimitBytes) throws -> [UInt8] {
    var result: [UInt8] = []
    try each(path) { chunk in
      result += chunk
      if result.count > limitBytes {
        throw CommandFailure(
          .usage, "file_too_large", "\(SafeText.line(path)) is larger than \(limitBytes >> 20) MiB.",
          remedy: "Split it into several files.")
      }
    }
    return result
  }

  /// The bytes as text. None is guessed at: what becomes of it is signed.
  static func text(_ bytes: [UInt8], of path: String) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandFailure(.usage, "not_text", "\(SafeText.line(path)) is not UTF-8 text.", remedy: "Save it as UTF-8.")
    }
    return text
  }

  /// A file's SHA-256 in hexadecimal and its size, without holding it in memory.
  static func measure(_ path: String) throws -> (digest: String, size: UInt64) {
    var stream = SHA256Stream()
    var size: UInt64 = 0
    try each(path) { chunk in
      stream.update(chunk)
      size += UInt64(chunk.count)
    }
    return (Hex.encode(stream.finish().bytes), size)
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Writes a new private file.
  static func write(_ path: String, _ bytes: [UInt8], flags: Int32 = O_WRONLY | O_CREAT | O_EXCL, mode: mode_t = 0o600) throws {
    let descriptor = open(path, flags | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failure("write", path) }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      // Safe: the bytes are lent for the call.
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw failure("write", path) }
      rest = rest.dropFirst(count)
    }
  }

  private static func each(_ path: String, _ body: ([UInt8]) throws -> Void) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("read", path) }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: chunkBytes)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure("read", path) }
      if count == 0 { return }
      try body(Array(buffer[..<count]))
    }
  }

  private static func failure(_ action: String, _ path: String) -> CommandFailure {
    let reason = String(cString: strerror(errno))
    return CommandFailure(
      errno == ENOENT ? .notFound : .failure, "file", "Cannot \(action) \(SafeText.line(path)): \(reason).",
      remedy: "Check the path and its permissions.")
  }
}
