// The files of the simulated server, whatever keeps them, and its store in memory and on a simulated disk.
import ReviewModel
import Storage
import StorageSQLite

/// A tenant's file, and the process that has it open.
protocol ServerFiles: MachineFiles {
  /// The store, open.
  var store: any TenantStore { get }
  /// - Throws: what the disk refuses.
  func open() throws(StorageError)
  /// A copy as a backup would be.
  func backup() -> any ServerFiles
}

/// A copy of a server's files, and where it stood.
struct ServerBackup {
  let files: any ServerFiles
  let state: TenantState
}

final class MemoryServerFiles: ServerFiles {
  private var memory: MemoryTenantStore

  init(_ memory: MemoryTenantStore) { self.memory = memory }

  var store: any TenantStore { memory }
  var disk: SimulatedDisk? { nil }
  var isStopped: Bool { false }

  func end(_ end: ProcessEnd) { memory = memory.reopened() }
  func open() throws(StorageError) {}
  func backup() -> any ServerFiles { MemoryServerFiles(memory.backup()) }
  func fillDisk(_ isFull: Bool) {
    memory.failWrites(with: isFull ? StorageError(.diskFull, "The disk is full; free some space.") : nil)
  }
  func heal() { memory.failWrites(with: nil) }
}

final class SQLiteServerFiles: ServerFiles {
  private static let name = "tenant.sqlite"

  private let held: SimulatedDisk
  private let settings: DiskSettings
  private var process: SimulatedProcess
  private var opened: SQLiteTenantStore?
  /// In place of a store that is not open.
  private let nothing: MemoryTenantStore

  /// A new tenant.
  init(disk: SimulatedDisk, settings: DiskSettings, tenant: TenantID, epoch: EpochID) throws(StorageError) {
    held = disk
    self.settings = settings
    nothing = MemoryTenantStore(tenant: tenant, epoch: epoch)
    try nothing.close()
    process = SimulatedProcess(disk: disk)
    opened = try SQLiteTenantStore.create(
      path: process.path(Self.name), tenant: tenant, epoch: epoch, place: settings.place(weakening))
  }

  private init(disk: SimulatedDisk, settings: DiskSettings, nothing: MemoryTenantStore) {
    held = disk
    self.settings = settings
    self.nothing = nothing
    process = SimulatedProcess(disk: disk)
  }

  deinit { close(.killed) }

  var store: any TenantStore { opened ?? nothing }
  var disk: SimulatedDisk? { held }
  var isStopped: Bool { process.isStopped }

  private var weakening: String {
    switch held.bug {
    case .weakServer: ";PRAGMA synchronous = NORMAL"
    case .unsyncedServer: ";PRAGMA synchronous = OFF"
    default: ""
    }
  }

  func end(_ end: ProcessEnd) {
    close(end)
    held.end(end)
    if held.bug == .forgetLog { held.remove(Self.name + "-wal") }
    process = SimulatedProcess(disk: held)
  }

  func open() throws(StorageError) {
    guard opened == nil else { return }
    opened = try SQLiteTenantStore.open(path: process.path(Self.name), place: settings.place(weakening))
  }

  private func close(_ end: ProcessEnd) {
    if end != .orderly { process.stop() }
    // A process that ends does not care whether its files let themselves be closed.
    try? opened?.close()
    opened = nil
    process.end()
  }

  func backup() -> any ServerFiles { SQLiteServerFiles(disk: held.copy(), settings: settings, nothing: nothing) }

  func fillDisk(_ isFull: Bool) {
    held.trouble.capacity = isFull ? held.byteCount + held.random.below(64 << 10) : nil
  }

  func heal() { held.heal() }
}
