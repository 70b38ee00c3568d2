// The files of a simulated device, whatever keeps them: memory that forgets nothing, or SQLite on a disk that may.
import Storage

/// Stores are opened when they are asked for, so that opening, too, can meet trouble.
protocol DeviceFiles: MachineFiles {
  /// Without what a disk has changed in it.
  func outbox() throws(StorageError) -> any OutboxStore
  func cache() throws(StorageError) -> any CacheStore
  /// What a disk has changed in the outbox.
  var damage: OutboxDamage { get }
  /// The same files on another device, or put aside as a backup.
  func copy() -> any DeviceFiles
  func deleteCache()
  /// For a planted bug.
  func deleteOutbox()
}

/// Stores in memory: a commit that returned is there for good.
final class MemoryDeviceFiles: DeviceFiles {
  private var heldOutbox: MemoryOutboxStore
  private var heldCache: MemoryCacheStore
  let damage: OutboxDamage

  init(
    outbox: MemoryOutboxStore = MemoryOutboxStore(), cache: MemoryCacheStore = MemoryCacheStore(),
    damage: OutboxDamage = OutboxDamage()
  ) {
    heldOutbox = outbox
    heldCache = cache
    self.damage = damage
  }

  var disk: SimulatedDisk? { nil }
  var isStopped: Bool { false }

  func outbox() throws(StorageError) -> any OutboxStore { heldOutbox }
  func cache() throws(StorageError) -> any CacheStore { heldCache }
  func end(_ end: ProcessEnd) {}
  func copy() -> any DeviceFiles {
    MemoryDeviceFiles(outbox: heldOutbox.copy(), cache: heldCache.copy(), damage: damage.copy())
  }
  func deleteCache() { heldCache = MemoryCacheStore() }
  func deleteOutbox() { heldOutbox = MemoryOutboxStore() }
  func fillDisk(_ isFull: Bool) {}
  func heal() {}
}
