// A profile's small files on POSIX: private, replaced whole and durably.
import ClientCore
import Glibc
import Synchronization
import Trust

/// Files of mode 0600 in directories of mode 0700.
struct PrivateFiles: ProfileFiles {
  /// What a file system call refused.
  struct Failure: Error, CustomStringConvertible {
    let action: String
    let path: String
    let number: Int32

    init(_ action: String, _ path: String) {
      (self.action, self.path, number) = (action, path, errno)
    }

    var description: String { "Cannot \(action) \(path): \(String(cString: strerror(number)))." }
  }

  func makeDirectory(_ path: String) throws {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else { throw Failure("make", path) }
    try makeDirectory(String(path[..<slash]))
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Failure("make", path) }
  }

  func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  func read(_ path: String) throws -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 && errno == ENOENT { return nil }
    guard descriptor >= 0 else { throw Failure("read", path) }
    defer { close(descriptor) }
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Failure("read", path) }
      if count == 0 { return result }
      result += buffer[..<count]
    }
  }

  func write(_ path: String, _ bytes: [UInt8]) throws {
    let temporary = "\(path).\(Hex.encode(RandomBytes.make(count: 6)))"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure("write", temporary) }
    do {
      defer { close(descriptor) }
      var rest = bytes[...]
      while !rest.isEmpty {
        // Safe: the bytes are lent for the call.
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw Failure("write", temporary) }
        rest = rest.dropFirst(count)
      }
      guard fsync(descriptor) == 0 else { throw Failure("write", temporary) }
      guard rename(temporary, path) == 0 else { throw Failure("replace", path) }
    } catch {
      unlink(temporary)
      throw error
    }
    try syncDirectory(of: path)
  }

  func remove(_ path: String) throws {
    guard unlink(path) == 0 || errno == ENOENT else { throw Failure("remove", path) }
  }

  func identity(of path: String) throws -> FileIdentity? {
    var information = stat()
    if stat(path, &information) == 0 {
      return FileIdentity(device: UInt64(information.st_dev), number: UInt64(information.st_ino))
    }
    guard errno == ENOENT else { throw Failure("look at", path) }
    return nil
  }

  func tryLock(_ path: String) throws -> (any ProfileLock)? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure("lock", path) }
    var wish = Self.wholeFile()
    if fcntl(descriptor, Self.setLock, &wish) == 0 { return FileLock(descriptor) }
    let isHeld = errno == EAGAIN || errno == EACCES
    close(descriptor)
    if isHeld { return nil }
    throw Failure("lock", path)
  }

  func lock(_ path: String) throws -> any ProfileLock {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure("lock", path) }
    var wish = Self.wholeFile()
    while fcntl(descriptor, Self.waitForLock, &wish) != 0 {
      if errno == EINTR { continue }
      defer { close(descriptor) }
      throw Failure("lock", path)
    }
    return FileLock(descriptor)
  }

  func isLocked(_ path: String) throws -> Bool {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    if descriptor < 0 && errno == ENOENT { return false }
    guard descriptor >= 0 else { throw Failure("look at", path) }
    defer { close(descriptor) }
    var wish = Self.wholeFile()
    guard fcntl(descriptor, Self.getLock, &wish) == 0 else { throw Failure("look at", path) }
    return wish.l_type != Int16(F_UNLCK)
  }

  /// Linux's numbers of F_OFD_GETLK, F_OFD_SETLK and F_OFD_SETLKW, which the C library shows to GNU programs only.
  private static let getLock: Int32 = 36
  private static let setLock: Int32 = 37
  private static let waitForLock: Int32 = 38

  /// A lock on all of a file, held by the open file and not by the process: unlike the older kinds, it can be looked at
  /// without being taken, and another opening of the file in this process does not share it.
  private static func wholeFile() -> flock {
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    return lock
  }

  func poke(_ path: String) -> Bool { PokePipe.poke(path) }

  func pokes(_ path: String) throws -> AsyncStream<Void> { try PokePipe.listen(path) }

  /// The name is durable only when its directory is.
  private func syncDirectory(of path: String) throws {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure("open", folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw Failure("sync", folder) }
  }
}

/// A lock that the kernel drops with the process.
final class FileLock: ProfileLock {
  private let descriptor: Mutex<Int32?>

  init(_ descriptor: Int32) { self.descriptor = Mutex(descriptor) }

  deinit { unlock() }

  func unlock() {
    descriptor.withLock { held in
      if let held { close(held) }
      held = nil
    }
  }
}
