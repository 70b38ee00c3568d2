// One server a data directory: an advisory lock that the system lets go of when the process ends, however it ends.
import Glibc

final class DirectoryLock: Sendable {
  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Nil if another process holds it.
  static func take(_ path: String) throws -> DirectoryLock? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw cannotOpen(path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
    return DirectoryLock(descriptor: descriptor)
  }

  /// As `take`, several times: whoever only looks at the lock has it for a moment, and must not keep a server from starting.
  static func take(_ path: String, attempts: Int, pause: () async throws -> Void) async throws -> DirectoryLock? {
    for _ in 1..<max(1, attempts) {
      if let lock = try take(path) { return lock }
      try await pause()
    }
    return try take(path)
  }

  /// Whether a process holds it. Makes no file: one that root has made is closed to the server's own user.
  static func isHeld(_ path: String) throws -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      guard errno == ENOENT else { throw cannotOpen(path) }
      return false
    }
    defer { close(descriptor) }
    // Shared, so that several may look at once.
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }

  private static func cannotOpen(_ path: String) -> ConfigurationError {
    ConfigurationError("\(path) cannot be opened; check who owns the data directory.")
  }
}
