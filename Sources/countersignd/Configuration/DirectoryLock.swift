// One server a data directory: an advisory lock that the system lets go of when the process ends, however it ends.
import Glibc

final class DirectoryLock: Sendable {
  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Nil if another process holds it.
  static func take(_ path: String) throws -> DirectoryLock? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw ConfigurationError("\(path) cannot be opened; check who owns the data directory.") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
    return DirectoryLock(descriptor: descriptor)
  }
}
