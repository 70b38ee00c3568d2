// What a profile needs of a file system. The program brings the adapter, so that the core knows no operating system.

/// Small private files, an advisory lock between processes, and a way to wake the process that syncs.
package protocol ProfileFiles: Sendable {
  /// Makes a directory with its parents, mode 0700. One that is there is fine.
  func makeDirectory(_ path: String) throws
  func exists(_ path: String) -> Bool
  /// The bytes of a file, nil if there is none.
  func read(_ path: String) throws -> [UInt8]?
  /// Replaces a file whole, durably, mode 0600: after a crash it holds the old bytes or the new ones.
  func write(_ path: String, _ bytes: [UInt8]) throws
  /// One that is not there is fine.
  func remove(_ path: String) throws
  /// Tells the file that is at a path now from those that were there before; nil if there is none.
  func identity(of path: String) throws -> FileIdentity?
  /// Takes the advisory lock, nil at once if another holder has it. It ends with the process, too.
  func tryLock(_ path: String) throws -> (any ProfileLock)?
  /// Takes the advisory lock and waits for another holder: only for one that is held for as long as a file takes to write.
  func lock(_ path: String) throws -> any ProfileLock
  /// Whether another holder has the lock, without taking it: whoever looks is in nobody's way.
  func isLocked(_ path: String) throws -> Bool
  /// Wakes whoever listens at this path. Answers whether somebody did.
  func poke(_ path: String) -> Bool
  /// Listens for pokes until the consumer lets go. One listener a path: a left-over of a dead process is replaced.
  func pokes(_ path: String) throws -> AsyncStream<Void>
}

/// Which file it is, whatever its name is: as long as somebody has it open, no other one is the same.
package struct FileIdentity: Sendable, Hashable {
  package let device: UInt64
  package let number: UInt64

  package init(device: UInt64, number: UInt64) {
    self.device = device
    self.number = number
  }
}

/// A lock that is held.
package protocol ProfileLock: AnyObject, Sendable {
  /// Lets go; again is fine.
  func unlock()
}
