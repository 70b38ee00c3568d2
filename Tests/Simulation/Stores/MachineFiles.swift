// What the files of server and devices have in common: the disk beneath them, and the process that ends.
import Storage

/// How a process comes to its end.
enum ProcessEnd: Sendable, Hashable {
  /// It closes its files.
  case orderly
  /// It is killed: what it has written is there.
  case killed
  /// The machine loses power: what was synced is there.
  case powerLost
}

protocol MachineFiles: AnyObject {
  /// The disk, if there is one.
  var disk: SimulatedDisk? { get }
  /// Nothing that the process does reaches its disk any more; it only has to notice.
  var isStopped: Bool { get }
  /// The process that had the files open is gone; the next one finds what is there.
  func end(_ end: ProcessEnd)
  /// The disk takes nothing more, or takes everything again.
  func fillDisk(_ isFull: Bool)
  /// All trouble is over.
  func heal()
}

extension MachineFiles {
  /// How a process ends that does not choose to.
  var suddenEnd: ProcessEnd {
    guard let disk else { return .killed }
    return disk.random.chance(permille: 500) ? .killed : .powerLost
  }

  /// Whether the trouble that the disk has had may end in such an error. Damage is never explained.
  func explains(_ error: StorageError) -> Bool {
    guard let disk else { return true }
    if error.code == .diskFull, disk.trouble.capacity != nil { return true }
    return isStopped || (disk.failureCount > 0 && [.inputOutput, .diskFull, .closed].contains(error.code))
  }

  func quietly<Answer>(_ body: () throws -> Answer) rethrows -> Answer {
    guard let disk else { return try body() }
    return try disk.quietly(body)
  }
}
