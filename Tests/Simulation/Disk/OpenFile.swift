// A file that a connection has open: every call of SQLite's on it, first against the trouble, then against the disk.
import GRDBSQLite

final class OpenFile {

  /// The extended codes that C makes with a shift.
  enum Code {
    static let shortRead = SQLITE_IOERR | (2 << 8)
    static let read = SQLITE_IOERR | (1 << 8)
    static let write = SQLITE_IOERR | (3 << 8)
    static let sync = SQLITE_IOERR | (4 << 8)
    static let truncate = SQLITE_IOERR | (6 << 8)
    static let delete = SQLITE_IOERR | (10 << 8)
    static let deleteNothing = SQLITE_IOERR | (23 << 8)
    static let memory = SQLITE_IOERR | (20 << 8)
  }

  private let file: SimulatedFile
  /// Nil for a temporary file, which has no name and survives nothing.
  private let process: SimulatedProcess?
  private let name: String
  /// A log or journal that would have been made had it been missing: the first sync makes its name safe, too, as on Unix.
  private var syncsDirectory: Bool
  private let isDeletedOnClose: Bool
  private var memory: WALIndexMemory?

  init(_ file: SimulatedFile, name: String, process: SimulatedProcess?, syncsDirectory: Bool, isDeletedOnClose: Bool) {
    self.file = file
    self.name = name
    self.process = process
    self.syncsDirectory = syncsDirectory
    self.isDeletedOnClose = isDeletedOnClose
  }

  private var id: ObjectIdentifier { ObjectIdentifier(self) }

  // MARK: Contents

  func read(_ target: UnsafeMutableRawBufferPointer, at offset: Int) -> Int32 {
    if let process, process.isStopped || process.disk.fails(.read) { return Code.read }
    let count = file.read(at: offset, into: target)
    if count == target.count { return SQLITE_OK }
    // SQLite wants the rest to be zero.
    UnsafeMutableRawBufferPointer(rebasing: target[count...]).initializeMemory(as: UInt8.self, repeating: 0)
    return Code.shortRead
  }

  func write(_ source: UnsafeRawBufferPointer, at offset: Int) -> Int32 {
    guard let process else {
      file.write(source, at: offset)
      return SQLITE_OK
    }
    guard !process.isStopped else { return Code.write }
    let disk = process.disk
    if disk.stops(at: .write) {
      process.stop()
      write(disk.random.below(source.count + 1), of: source, at: offset)
      return Code.write
    }
    if disk.fails(.write) {
      write(disk.random.below(source.count + 1), of: source, at: offset)
      return Code.write
    }
    let growth = max(0, offset + source.count - file.count)
    let room = disk.room(for: growth)
    guard room == growth else {
      write(max(0, source.count - growth + room), of: source, at: offset)
      return SQLITE_FULL
    }
    if disk.bug == .halfPage, !name.contains("-"), source.count > 512, disk.random.chance(permille: 20) {
      write(source.count / 2, of: source, at: offset)
      return SQLITE_OK
    }
    file.write(source, at: offset)
    return SQLITE_OK
  }

  private func write(_ count: Int, of source: UnsafeRawBufferPointer, at offset: Int) {
    file.write(UnsafeRawBufferPointer(rebasing: source[..<min(count, source.count)]), at: offset)
  }

  func truncate(to count: Int) -> Int32 {
    guard let process else {
      file.resize(to: count)
      return SQLITE_OK
    }
    if process.isStopped || stops(process, .truncate) || process.disk.fails(.truncate) { return Code.truncate }
    file.resize(to: count)
    return SQLITE_OK
  }

  func sync() -> Int32 {
    guard let process else { return SQLITE_OK }
    if process.isStopped || stops(process, .sync) { return Code.sync }
    let disk = process.disk
    if disk.fails(.sync) {
      disk.failSync(of: file)
      return Code.sync
    }
    if disk.bug == .skipSync { return SQLITE_OK }
    file.sync()
    if syncsDirectory {
      syncsDirectory = false
      disk.syncDirectory()
    }
    return SQLITE_OK
  }

  private func stops(_ process: SimulatedProcess, _ call: DiskCall) -> Bool {
    guard process.disk.stops(at: call) else { return false }
    process.stop()
    return true
  }

  var count: Int { file.count }

  func close() {
    _ = unlock(to: SQLITE_LOCK_NONE)
    leaveMemory()
    if isDeletedOnClose, let process, !process.isStopped { process.disk.delete(name) }
  }

  // MARK: Locks and shared memory

  func lock(to level: Int32) -> Int32 { process?.locks(of: name).lock(id, to: level) ?? SQLITE_OK }

  func unlock(to level: Int32) -> Int32 {
    process?.locks(of: name).unlock(id, to: level)
    return SQLITE_OK
  }

  var isReserved: Bool { process?.locks(of: name).isReserved ?? false }

  func region(_ index: Int, byteCount: Int, isExtending: Bool) -> (code: Int32, region: UnsafeMutableRawPointer?) {
    guard let process, !process.isStopped else { return (Code.memory, nil) }
    let memory = self.memory ?? process.memory(of: name)
    if self.memory == nil {
      memory.join()
      self.memory = memory
    }
    return (SQLITE_OK, memory.region(index, byteCount: byteCount, isExtending: isExtending))
  }

  func lockMemory(_ slots: Range<Int>, flags: Int32) -> Int32 {
    guard let memory else { return Code.memory }
    if flags & SQLITE_SHM_UNLOCK != 0 {
      memory.unlock(id, slots)
      return SQLITE_OK
    }
    return memory.lock(id, slots, isExclusive: flags & SQLITE_SHM_EXCLUSIVE != 0)
  }

  func leaveMemory() {
    guard let memory else { return }
    memory.unlock(id, 0..<Int(SQLITE_SHM_NLOCK))
    memory.leave()
    // Whoever opens the file next finds no memory to trust, as after the last process on a real machine.
    if memory.userCount == 0 { process?.forgetMemory(of: name) }
    self.memory = nil
  }
}
