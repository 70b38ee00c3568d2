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
  /// Percent of the usual amount of work.
  package private(set) var scale: UInt64
  private var only: [FaultKind]?
  /// What one member does during a month without a network; 0 leaves it to chance.
  package private(set) var offlineChanges = 0
  /// What keeps the stores, and what happens to it.
  var disk = DiskPlan()
  private var stores: StoreChoice?

  /// - Parameters:
  ///   - scale: percent of the usual amount of work.
  ///   - only: the faults to draw from; all of them by default.
  ///   - stores: what keeps the stores; one run in twelve uses SQLite by default.
  ///   - diskBug: a bug of the disk or of SQLite's settings to plant.
  package init(
    seed: UInt64, scale: UInt64 = 100, only: [FaultKind]? = nil, bug: PlantedBug? = nil, stores: StoreChoice? = nil,
    diskBug: PlantedDiskBug? = nil
  ) {
    let random = SeededRandom(seed: seed ^ 0x5EED)
    self.seed = seed
    self.scale = scale
    self.only = only
    self.stores = stores
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
    // Small runs are short, and faults that last for minutes would end with them: some do as much in a longer time.
    let stretch = scale < 50 && random.chance(permille: 250) ? random.between(4, 10) : 1
    activeMinutes *= stretch
    commandPauseSeconds *= stretch
    faultPauseSeconds = faultPauseSeconds * (stretch + 1) / 2
    let share = random.pick([150, 300, 500]) ?? 300
    disk = DiskPlan(seed: seed, stores: bug == nil ? stores : stores ?? .memory, bug: diskBug, hasFaults: only == nil)
    faults = (only ?? FaultKind.allCases).filter { _ in only?.count == 1 || random.chance(permille: share) }
  }

  /// A month in which one member works without a network, and nothing else goes wrong.
  package init(seed: UInt64, offlineChanges: Int) {
    self.init(seed: seed, scale: 10, only: [.longAbsence])
    self.offlineChanges = offlineChanges
    activeMinutes = 20
    faultPauseSeconds = 120
  }

  /// Most runs are small, so that many are played; some are large, so that what needs much work is met, too. Of a hundred seeds
  /// 80 run at 5 percent, 16 at 10, 3 at 30 and one at 100.
  package static func mixedScale(of seed: UInt64) -> UInt64 {
    switch SeededRandom(seed: seed ^ 0x5CA1E).below(100) {
    case ..<80: 5
    case ..<96: 10
    case ..<99: 30
    default: 100
    }
  }

  /// What the simulator must be told beside the seed to play this run again: whatever differs from its defaults.
  package var replayArguments: String {
    var words: [String] = []
    if offlineChanges > 0 {
      words += ["--offline-changes", "\(offlineChanges)"]
    } else {
      words += scale == 100 ? [] : ["--scale", "\(scale)"]
      for fault in only ?? [] { words += ["--fault", fault.rawValue] }
    }
    if let bug { words += ["--bug", bug.rawValue] }
    if let stores { words += ["--stores", stores.rawValue] }
    if let bug = disk.bug { words += ["--disk-bug", bug.rawValue] }
    return words.joined(separator: " ")
  }

  /// The same run without its planted bug.
  package var healthy: SimulationPlan {
    var plan = self
    plan.bug = nil
    plan.disk.bug = nil
    return plan
  }

  /// `--seed 7 --scale 15 --bug forget_offer`
  package var seedAndArguments: String { "--seed \(seed) \(replayArguments)" }

  /// In one line, for people.
  package var summary: String {
    "\(editors) editors, \(reviewers) reviewers, \(moreDevices) more devices, \(campaigns) campaigns, \(activeMinutes) min, "
      + "a command every \(commandPauseSeconds) s, faults: "
      + (faults.isEmpty ? "none" : faults.map(\.rawValue).joined(separator: ", ")) + disk.summary
  }
}
