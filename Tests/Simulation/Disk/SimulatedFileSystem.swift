// The file system that SQLite is given for a simulated disk (a VFS), and C's side of it: it finds process and file, and calls.
import GRDBSQLite

/// Registered once and for all; a path begins with the number of the process that opens it.
enum SimulatedFileSystem {
  static let name = "countersign-simulated"
  private static let pathLimitBytes: Int32 = 512
  /// A moment of 2026 as SQLite counts it: milliseconds of the Julian day. It stands still.
  private static let moment: Int64 = 212_634_892_800_000

  /// What SQLite allocates for each open file.
  private struct Slot {
    var base: sqlite3_file
    var file: Unmanaged<OpenFile>?
  }

  /// Makes the file system known to SQLite. True once that has worked.
  static let isRegistered: Bool = {
    let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    methods.initialize(to: ioMethods())
    let system = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    system.initialize(to: fileSystem())
    // C memory that lives as long as SQLite may use it: until the program ends.
    let characters = Array(name.utf8CString)
    let copied = UnsafeMutablePointer<CChar>.allocate(capacity: characters.count)
    copied.initialize(from: characters, count: characters.count)
    system.pointee.zName = UnsafePointer(copied)
    system.pointee.pAppData = UnsafeMutableRawPointer(methods)
    return sqlite3_vfs_register(system, 0) == SQLITE_OK
  }()

  // MARK: The file system

  private static func fileSystem() -> sqlite3_vfs {
    var system = sqlite3_vfs()
    system.iVersion = 2
    system.szOsFile = Int32(MemoryLayout<Slot>.size)
    system.mxPathname = pathLimitBytes
    system.xOpen = { system, path, file, flags, answered in
      guard let file, let system else { return SQLITE_MISUSE }
      answered?.pointee = flags
      return SimulatedFileSystem.open(path.map { String(cString: $0) }, file, flags, methods: system.pointee.pAppData)
    }
    system.xDelete = { _, path, syncsDirectory in
      guard let place = SimulatedFileSystem.place(path) else { return OpenFile.Code.delete }
      return SimulatedFileSystem.delete(place.name, of: place.process, syncsDirectory: syncsDirectory != 0)
    }
    system.xAccess = { _, path, _, answer in
      let place = SimulatedFileSystem.place(path)
      // An empty file counts as none, as it does to SQLite on Unix.
      answer?.pointee = (place.flatMap { $0.process.disk.names[$0.name]?.count } ?? 0) > 0 ? 1 : 0
      return SQLITE_OK
    }
    system.xFullPathname = { _, path, limit, target in
      guard let path, let target else { return SQLITE_CANTOPEN }
      SimulatedFileSystem.copyPath(limit, target, path)
      return SQLITE_OK
    }
    // Salts and names of SQLite's own: its generator is the process's, so equal runs need none of it to be equal.
    system.xRandomness = { _, count, target in
      guard let target else { return 0 }
      for place in 0..<Int(count) { target[place] = CChar(truncatingIfNeeded: place &* 31) }
      return count
    }
    system.xSleep = { _, microseconds in microseconds }
    system.xCurrentTime = { _, answer in
      answer?.pointee = Double(SimulatedFileSystem.moment) / 86_400_000
      return SQLITE_OK
    }
    system.xCurrentTimeInt64 = { _, answer in
      answer?.pointee = SimulatedFileSystem.moment
      return SQLITE_OK
    }
    system.xGetLastError = { _, _, _ in 0 }
    return system
  }

  private static func copyPath(
    _ limit: Int32, _ target: UnsafeMutablePointer<CChar>, _ path: UnsafePointer<CChar>
  ) {
    // The target has room for `limit` bytes, by SQLite's contract.
    var place = 0
    while place < Int(limit) - 1, path[place] != 0 {
      target[place] = path[place]
      place += 1
    }
    target[place] = 0
  }

  /// `/12/outbox.sqlite`: file and process.
  private static func place(_ path: String) -> (process: SimulatedProcess, name: String)? {
    let words = path.split(separator: "/", maxSplits: 1)
    guard words.count == 2, let number = Int(words[0]), let process = SimulatedProcess.named(number) else { return nil }
    return (process, String(words[1]))
  }

  private static func place(_ path: UnsafePointer<CChar>?) -> (process: SimulatedProcess, name: String)? {
    path.flatMap { place(String(cString: $0)) }
  }

  private static func open(
    _ path: String?, _ file: UnsafeMutablePointer<sqlite3_file>, _ flags: Int32, methods: UnsafeMutableRawPointer?
  ) -> Int32 {
    file.pointee.pMethods = nil
    guard let path else {
      let temporary = OpenFile(SimulatedFile(), name: "", process: nil, syncsDirectory: false, isDeletedOnClose: true)
      return fill(file, temporary, methods)
    }
    guard let (process, name) = place(path), !process.isStopped else { return SQLITE_CANTOPEN }
    let disk = process.disk
    if disk.fails(.open) { return SQLITE_CANTOPEN }
    let known = disk.names[name]
    guard known != nil || flags & SQLITE_OPEN_CREATE != 0 else { return SQLITE_CANTOPEN }
    if known == nil, disk.stops(at: .open) {
      process.stop()
      return SQLITE_CANTOPEN
    }
    let isLog = flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL) != 0
    let opened = OpenFile(
      known ?? disk.create(name), name: name, process: process, syncsDirectory: isLog && flags & SQLITE_OPEN_CREATE != 0,
      isDeletedOnClose: flags & SQLITE_OPEN_DELETEONCLOSE != 0)
    return fill(file, opened, methods)
  }

  private static func fill(
    _ file: UnsafeMutablePointer<sqlite3_file>, _ opened: OpenFile, _ methods: UnsafeMutableRawPointer?
  ) -> Int32 {
    // SQLite has allocated `szOsFile` bytes here, which is a slot.
    let slot = UnsafeMutableRawPointer(file).assumingMemoryBound(to: Slot.self)
    slot.pointee.base.pMethods = UnsafePointer(methods?.assumingMemoryBound(to: sqlite3_io_methods.self))
    slot.pointee.file = Unmanaged.passRetained(opened)
    return SQLITE_OK
  }

  private static func delete(_ name: String, of process: SimulatedProcess, syncsDirectory: Bool) -> Int32 {
    let disk = process.disk
    guard !process.isStopped else { return OpenFile.Code.delete }
    guard disk.names[name] != nil else { return OpenFile.Code.deleteNothing }
    if disk.stops(at: .delete) {
      process.stop()
      return OpenFile.Code.delete
    }
    if disk.fails(.delete) { return OpenFile.Code.delete }
    disk.delete(name)
    if syncsDirectory { disk.syncDirectory() }
    return SQLITE_OK
  }

  // MARK: Files

  private static func opened(_ file: UnsafeMutablePointer<sqlite3_file>?) -> OpenFile? {
    // Filled by `fill`, and emptied only by `xClose`.
    UnsafeMutableRawPointer(file)?.assumingMemoryBound(to: Slot.self).pointee.file?.takeUnretainedValue()
  }

  private static func ioMethods() -> sqlite3_io_methods {
    var methods = sqlite3_io_methods()
    methods.iVersion = 2
    methods.xClose = { file in
      guard let slot = UnsafeMutableRawPointer(file)?.assumingMemoryBound(to: Slot.self), let held = slot.pointee.file else {
        return SQLITE_OK
      }
      slot.pointee.file = nil
      held.takeRetainedValue().close()
      return SQLITE_OK
    }
    addContents(&methods)
    addLocks(&methods)
    addMemory(&methods)
    return methods
  }

  private static func addContents(_ methods: inout sqlite3_io_methods) {
    methods.xRead = { file, target, count, offset in
      SimulatedFileSystem.opened(file)?.read(UnsafeMutableRawBufferPointer(start: target, count: Int(count)), at: Int(offset))
        ?? SQLITE_MISUSE
    }
    methods.xWrite = { file, source, count, offset in
      SimulatedFileSystem.opened(file)?.write(UnsafeRawBufferPointer(start: source, count: Int(count)), at: Int(offset))
        ?? SQLITE_MISUSE
    }
    methods.xTruncate = { file, count in SimulatedFileSystem.opened(file)?.truncate(to: Int(count)) ?? SQLITE_MISUSE }
    methods.xSync = { file, _ in SimulatedFileSystem.opened(file)?.sync() ?? SQLITE_MISUSE }
    methods.xFileSize = { file, answer in
      guard let opened = SimulatedFileSystem.opened(file) else { return SQLITE_MISUSE }
      answer?.pointee = Int64(opened.count)
      return SQLITE_OK
    }
  }

  private static func addLocks(_ methods: inout sqlite3_io_methods) {
    methods.xLock = { file, level in SimulatedFileSystem.opened(file)?.lock(to: level) ?? SQLITE_MISUSE }
    methods.xUnlock = { file, level in SimulatedFileSystem.opened(file)?.unlock(to: level) ?? SQLITE_MISUSE }
    methods.xCheckReservedLock = { file, answer in
      answer?.pointee = SimulatedFileSystem.opened(file)?.isReserved == true ? 1 : 0
      return SQLITE_OK
    }
    methods.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
    methods.xSectorSize = { _ in 4_096 }
    // What SQLite takes for granted on Unix: a power loss does not touch bytes beside those that were being written.
    methods.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
  }

  private static func addMemory(_ methods: inout sqlite3_io_methods) {
    methods.xShmMap = { file, index, byteCount, isExtending, answer in
      guard let opened = SimulatedFileSystem.opened(file) else { return SQLITE_MISUSE }
      let (code, region) = opened.region(Int(index), byteCount: Int(byteCount), isExtending: isExtending != 0)
      answer?.pointee = region.map { UnsafeMutableRawPointer($0) }
      return code
    }
    methods.xShmLock = { file, first, count, flags in
      SimulatedFileSystem.opened(file)?.lockMemory(Int(first)..<Int(first + count), flags: flags) ?? SQLITE_MISUSE
    }
    methods.xShmBarrier = { _ in }
    methods.xShmUnmap = { file, _ in
      SimulatedFileSystem.opened(file)?.leaveMemory()
      return SQLITE_OK
    }
  }
}
