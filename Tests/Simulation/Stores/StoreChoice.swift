// What a run keeps its stores on, and what it makes of the choice: memory, which is fast, or SQLite on simulated disks.
import ReviewModel
import Storage

package enum StoreChoice: String, Sendable, CaseIterable {
  case memory
  case sqlite
}

/// The part of a plan that is about disks.
struct DiskPlan {
  private static let runsForEachOnDisks = 12

  var stores = StoreChoice.memory
  var faults: [DiskFaultKind] = []
  /// How often trouble comes over some disk, mean pause in seconds.
  var pauseSeconds: UInt64 = 60
  var settings = DiskSettings(checkpointPages: 1_000)
  var bug: PlantedDiskBug?

  init() {}

  /// - Parameters:
  ///   - stores: nil to let the seed choose.
  ///   - hasFaults: whether disks have trouble of their own; processes are killed on them in any case.
  init(seed: UInt64, stores choice: StoreChoice?, bug: PlantedDiskBug?, hasFaults: Bool) {
    let random = SeededRandom(seed: seed ^ 0xD15C_5EED)
    let drawn: StoreChoice = random.below(Self.runsForEachOnDisks) == 0 ? .sqlite : .memory
    stores = bug == nil ? choice ?? drawn : .sqlite
    guard stores == .sqlite else { return }
    self.bug = bug
    settings = DiskSettings(checkpointPages: random.pick([1_000, 100, 8]) ?? 1_000)
    pauseSeconds = random.pick([10, 30, 90]) ?? 30
    let share = random.pick([200, 400, 700]) ?? 400
    if hasFaults { faults = DiskFaultKind.allCases.filter { _ in random.chance(permille: share) } }
  }

  var summary: String {
    guard stores == .sqlite else { return "" }
    return "; SQLite, a checkpoint every \(settings.checkpointPages) pages"
      + (faults.isEmpty ? "" : ", disk: " + faults.map(\.rawValue).joined(separator: ", "))
  }
}

extension SimulationContext {
  func newDeviceFiles() -> any DeviceFiles {
    guard plan.disk.stores == .sqlite else { return MemoryDeviceFiles() }
    return SQLiteDeviceFiles(
      disk: SimulatedDisk(random: diskRandom.fork(), bug: plan.disk.bug), settings: plan.disk.settings)
  }

  func newServerFiles(epoch: EpochID) -> any ServerFiles {
    guard plan.disk.stores == .sqlite else { return MemoryServerFiles(MemoryTenantStore(tenant: tenant, epoch: epoch)) }
    do throws(StorageError) {
      return try SQLiteServerFiles(
        disk: SimulatedDisk(random: diskRandom.fork(), bug: plan.disk.bug), settings: plan.disk.settings, tenant: tenant,
        epoch: epoch)
    } catch {
      preconditionFailure("a new disk takes a new tenant: \(error.sentence)")
    }
  }
}
