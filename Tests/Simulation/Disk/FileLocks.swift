// The locks that connections of one process hold against each other: on a file, and on the memory that they share beside a
// write-ahead log. Results are SQLite's.
import GRDBSQLite

/// One file's lock as SQLite counts them: none, shared, reserved, pending, exclusive.
final class FileLocks {
  private var levels: [ObjectIdentifier: Int32] = [:]

  func lock(_ owner: ObjectIdentifier, to level: Int32) -> Int32 {
    let own = levels[owner] ?? SQLITE_LOCK_NONE
    guard own < level else { return SQLITE_OK }
    let others = levels.filter { $0.key != owner }.values.max() ?? SQLITE_LOCK_NONE
    switch level {
    case SQLITE_LOCK_SHARED:
      guard others < SQLITE_LOCK_PENDING else { return SQLITE_BUSY }
    case SQLITE_LOCK_RESERVED:
      guard others < SQLITE_LOCK_RESERVED else { return SQLITE_BUSY }
    default:
      guard others < SQLITE_LOCK_RESERVED else { return SQLITE_BUSY }
      if others > SQLITE_LOCK_NONE {
        levels[owner] = SQLITE_LOCK_PENDING
        return SQLITE_BUSY
      }
    }
    levels[owner] = level
    return SQLITE_OK
  }

  func unlock(_ owner: ObjectIdentifier, to level: Int32) {
    if level == SQLITE_LOCK_NONE { levels[owner] = nil } else { levels[owner] = min(levels[owner] ?? level, level) }
  }

  var isReserved: Bool { levels.values.contains { $0 >= SQLITE_LOCK_RESERVED } }
}

/// The index of a write-ahead log: memory between the connections of a process, gone with the process.
final class WALIndexMemory {
  private var regions: [UnsafeMutableRawPointer] = []
  private var holders: [[ObjectIdentifier: Bool]] = Array(repeating: [:], count: Int(SQLITE_SHM_NLOCK))
  private(set) var userCount = 0

  // Every connection that was given a region has let go of it: each of them holds this object.
  deinit { for region in regions { region.deallocate() } }

  func join() { userCount += 1 }
  func leave() { userCount -= 1 }

  func region(_ index: Int, byteCount: Int, isExtending: Bool) -> UnsafeMutableRawPointer? {
    while index >= regions.count {
      guard isExtending else { return nil }
      let region = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 16)
      region.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
      regions.append(region)
    }
    return regions[index]
  }

  func lock(_ owner: ObjectIdentifier, _ slots: Range<Int>, isExclusive: Bool) -> Int32 {
    for slot in slots {
      let others = holders[slot].filter { $0.key != owner }
      if isExclusive ? !others.isEmpty : others.values.contains(true) { return SQLITE_BUSY }
    }
    for slot in slots { holders[slot][owner] = isExclusive }
    return SQLITE_OK
  }

  func unlock(_ owner: ObjectIdentifier, _ slots: Range<Int>) { for slot in slots { holders[slot][owner] = nil } }
}
