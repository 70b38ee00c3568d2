// What a seed makes of a run: who takes part, for how long, how busy they are, and which faults are on. Every run enables a
// random few faults, because faults that always come together hide each other.

package struct SimulationPlan: Sendable {
  package var seed: UInt64
  var editors = 1
  var reviewers = 2
  /// Devices beside the first one of each member.
  var moreDevices = 0
  var campaigns = 2
  var activeMinutes: UInt64 = 10
  /// Mean pause between two commands of one device.
  var commandPauseSeconds: UInt64 = 20
  /// Of frames on their way, in milliseconds.
  var latency: ClosedRange<UInt64> = 5...80
  /// How long the server's store may take to answer.
  var storeMilliseconds: UInt64 = 4
  /// Bytes in a session's queue from which on the server holds back.
  var chokedBytes = 1 << 20
  var faults: [FaultKind] = []
  /// How often a fault strikes, mean pause in seconds.
  var faultPauseSeconds: UInt64 = 60
  package var bug: PlantedBug?
  /// What keeps the stores, and what happens to it.
  var disk = DiskPlan()

  /// - Parameters:
  ///   - scale: percent of the usual amount of work.
  ///   - only: the faults to draw from; all of them by default.
  ///   - stores: what keeps the stores; one run in eight uses SQLite by default.
  ///   - diskBug: a bug of the disk or of SQLite's settings to plant.
  package init(
    seed: UInt64, scale: UInt64 = 100, only: [FaultKind]? = nil, bug: PlantedBug? = nil, stores: StoreChoice? = nil,
    diskBug: PlantedDiskBug? = nil
  ) {
    let random = SeededRandom(seed: seed ^ 0x5EED)
    self.seed = seed
    self.bug = bug
    editors = 1 + random.below(2)
    reviewers = 1 + random.below(3)
    moreDevices = random.below(3)
    campaigns = 1 + random.below(3)
    activeMinutes = max(1, random.between(2, 20) * scale / 100)
    commandPauseSeconds = random.pick([4, 10, 20, 40]) ?? 20
    latency = random.pick([1...5, 5...80, 50...1_500]) ?? latency
    storeMilliseconds = random.pick([0, 4, 60, 600]) ?? 4
    chokedBytes = random.pick([1 << 20, 1 << 20, 8 << 10]) ?? chokedBytes
    faultPauseSeconds = random.pick([10, 30, 90]) ?? 30
    let share = random.pick([150, 300, 500]) ?? 300
    disk = DiskPlan(seed: seed, stores: bug == nil ? stores : stores ?? .memory, bug: diskBug, hasFaults: only == nil)
    faults = (only ?? FaultKind.allCases).filter { _ in only?.count == 1 || random.chance(permille: share) }
  }

  /// In one line, for people.
  package var summary: String {
    "\(editors) editors, \(reviewers) reviewers, \(moreDevices) more devices, \(campaigns) campaigns, \(activeMinutes) min, "
      + "a command every \(commandPauseSeconds) s, faults: "
      + (faults.isEmpty ? "none" : faults.map(\.rawValue).joined(separator: ", ")) + disk.summary
  }
}
