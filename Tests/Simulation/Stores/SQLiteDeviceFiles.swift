// A device's files as SQLite keeps them, on a simulated disk: opened by a process that can end at any call.
import Storage
import StorageSQLite

final class SQLiteDeviceFiles: DeviceFiles {
  private static let outboxName = "outbox.sqlite"
  private static let cacheName = "cache.sqlite"
  /// What SQLite keeps beside a database.
  static let suffixes = ["", "-wal", "-journal"]

  private let held: SimulatedDisk
  private let settings: DiskSettings
  let damage: OutboxDamage
  private var process: SimulatedProcess
  private var openOutbox: SQLiteOutboxStore?
  private var openCache: SQLiteCacheStore?

  init(disk: SimulatedDisk, settings: DiskSettings, damage: OutboxDamage = OutboxDamage()) {
    held = disk
    self.settings = settings
    self.damage = damage
    process = SimulatedProcess(disk: disk)
  }

  deinit { close(.killed) }

  var disk: SimulatedDisk? { held }
  var isStopped: Bool { process.isStopped }

  func outbox() throws(StorageError) -> any OutboxStore {
    if let openOutbox { return openOutbox }
    let weak = held.bug == .weakOutbox ? ";PRAGMA synchronous = NORMAL" : ""
    let opened = try SQLiteOutboxStore(
      path: process.path(Self.outboxName), place: settings.place(weak))
    openOutbox = opened
    return opened
  }

  /// As the client opens it: one that cannot be read is thrown away. Only a failed sync explains that.
  func cache() throws(StorageError) -> any CacheStore {
    if let openCache { return openCache }
    let opened: SQLiteCacheStore
    do {
      opened = try SQLiteCacheStore(path: process.path(Self.cacheName), place: settings.place())
    } catch let error where error.code == .damaged && held.hasFailedSync {
      remove(Self.cacheName)
      opened = try SQLiteCacheStore(path: process.path(Self.cacheName), place: settings.place())
    }
    openCache = opened
    return opened
  }

  func end(_ end: ProcessEnd) {
    close(end)
    held.end(end)
    if held.bug == .forgetLog { for name in [Self.outboxName, Self.cacheName] { held.remove(name + "-wal") } }
    process = SimulatedProcess(disk: held)
  }

  private func close(_ end: ProcessEnd) {
    if end != .orderly { process.stop() }
    // A process that ends does not care whether its files let themselves be closed.
    try? openOutbox?.close()
    try? openCache?.close()
    openOutbox = nil
    openCache = nil
    process.end()
  }

  func copy() -> any DeviceFiles { SQLiteDeviceFiles(disk: held.copy(), settings: settings, damage: damage.copy()) }

  func deleteCache() {
    end(.orderly)
    remove(Self.cacheName)
  }

  func deleteOutbox() {
    end(.orderly)
    remove(Self.outboxName)
  }

  private func remove(_ name: String) { for suffix in Self.suffixes { held.remove(name + suffix) } }

  func fillDisk(_ isFull: Bool) {
    held.trouble.capacity = isFull ? held.byteCount + held.random.below(64 << 10) : nil
  }

  func heal() { held.heal() }
}

/// How SQLite is set for a run, beside what the programs set.
struct DiskSettings {
  /// Pages in the log after which they are copied into the database: small ones let it happen in short runs.
  var checkpointPages: Int

  func place(_ statements: String = "") -> DatabasePlace {
    precondition(SimulatedFileSystem.isRegistered, "SQLite takes the simulated file system")
    return .simulated(
      fileSystem: SimulatedFileSystem.name, statements: "PRAGMA wal_autocheckpoint = \(checkpointPages)" + statements)
  }
}
