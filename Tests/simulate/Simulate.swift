// `simulate`: runs seeds of the simulator for as long as it is told, on as many threads, and stops at the first broken promise.
import ArgumentParser
import SimulationKit

@main
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs the sync system in virtual time, with faults, and checks what it promises.")

  @Option(help: "One run, by its seed.")
  var seed: UInt64?

  @Option(help: "Many runs: FIRST..LAST. With a record, those that it does not call done.")
  var seeds: String?

  @Option(help: "Runs for so many minutes, from where the record stopped, or from --from.")
  var minutes: Double?

  @Option(help: "The first seed with --minutes.")
  var from: UInt64?

  @Option(help: "Percent of the usual amount of work, or 'mixed': many small runs and some large ones.")
  var scale = Scale.percent(100)

  @Option(help: "Only this fault (may be repeated).")
  var fault: [FaultKind] = []

  @Option(help: "A bug to plant.")
  var bug: PlantedBug?

  @Option(help: "A bug of the disk to plant.")
  var diskBug: PlantedDiskBug?

  @Option(help: "One member makes so many changes in a month without a network; nothing else goes wrong.")
  var offlineChanges = 0

  @Option(help: "How many runs at once.")
  var jobs = 1

  @Option(help: "A file that keeps the totals and which seeds are done; another file begins anew.")
  var record: String?

  @Option(help: "What the record is about: a commit.")
  var commit = "unknown"

  @Option(help: "Keep the stores in memory, or with sqlite on simulated disks; by default the seed chooses.")
  var stores: StoreChoice?

  @Flag(help: "Prints what happens.")
  var trace = false

  @Flag(help: "Goes on after a violation.")
  var keepGoing = false

  @Flag(help: "Plants each bug in turn and prints the seed that finds it.")
  var planted = false

  func validate() throws {
    guard jobs > 0, jobs <= 64 else { throw ValidationError("--jobs is 1 to 64.") }
    guard !trace || jobs == 1 else { throw ValidationError("A trace needs --jobs 1.") }
    guard seed == nil || record == nil else { throw ValidationError("One run by --seed is always played: leave out --record.") }
  }

  func run() throws {
    if planted { return PlantedSearch.printTable() }
    let kept = try openedRecord()
    let seeds = try wanted(kept)
    guard hasWork(seeds, kept) else { return }
    StopSignal.install()
    let campaign = SimulationCampaign(
      seeds: seeds, kind: kind, jobs: jobs, seconds: minutes.map { $0 * 60 }, keepsGoing: keepGoing, record: kept,
      file: record, isStopped: { StopSignal.wasSent })
    let sink: @Sendable (String) -> Void = { print($0) }
    let tally = try campaign.run(plan: plan, sink: trace ? sink : nil)
    tally.printSummary()
    if let record { print("kept in        \(record): \(tally.record.summary)") }
    if tally.violations > 0 { throw ExitCode(1) }
  }

  /// What earlier calls have kept; says where the last one ended if that was not its own doing.
  private func openedRecord() throws -> SimulationRecord {
    guard let record else { return SimulationRecord() }
    var kept = try SimulationRecord.read(record)
    guard kept.commit.isEmpty || kept.commit == commit else {
      throw ValidationError("\(record) is about \(kept.commit), not about \(commit): name another file.")
    }
    kept.commit = commit
    let broken = try RunningSeeds(beside: record).read()
    if !broken.isEmpty {
      print("the last call ended in the middle of seeds " + broken.map { String($0) }.joined(separator: ", "))
    }
    return kept
  }

  /// Says what is done of the seeds; false if that is all of them.
  private func hasWork(_ seeds: ClosedRange<UInt64>, _ kept: SimulationRecord) -> Bool {
    let done = kept.seeds(of: kind)
    guard let first = done.firstMissing(in: seeds) else {
      print("seeds \(seeds.lowerBound) to \(seeds.upperBound), \(kind), are done already: \(kept.summary)")
      return false
    }
    let count = done.count(in: seeds)
    if count > 0 { print("\(count) of these seeds, \(kind), are done already; goes on with seed \(first)") }
    return true
  }

  private var kind: RunKind {
    var arguments = fault.flatMap { ["--fault", $0.rawValue] }
    if let bug { arguments += ["--bug", bug.rawValue] }
    if let diskBug { arguments += ["--disk-bug", diskBug.rawValue] }
    if offlineChanges > 0 { arguments += ["--offline-changes", "\(offlineChanges)"] }
    return RunKind(scale: scale.name, stores: stores, arguments: arguments)
  }

  private var plan: @Sendable (UInt64) -> SimulationPlan {
    let scale = scale
    let faults = fault
    let bug = bug
    let changes = offlineChanges
    let stores = stores
    let diskBug = diskBug
    return { (seed: UInt64) -> SimulationPlan in
      if changes > 0 { return SimulationPlan(seed: seed, offlineChanges: changes) }
      return SimulationPlan(
        seed: seed, scale: scale.percent(of: seed), only: faults.isEmpty ? nil : faults, bug: bug, stores: stores,
        diskBug: diskBug)
    }
  }

  private func wanted(_ kept: SimulationRecord) throws -> ClosedRange<UInt64> {
    if let seed { return seed...seed }
    if let seeds {
      let ends = seeds.split(separator: ".", omittingEmptySubsequences: true).compactMap { UInt64($0) }
      guard ends.count == 2, ends[0] <= ends[1] else { throw ValidationError("Write --seeds FIRST..LAST.") }
      return ends[0]...ends[1]
    }
    let first = from ?? kept.seedToGoOn(of: kind)
    return minutes == nil ? first...first + 99 : first...(.max)
  }
}

extension FaultKind: ExpressibleByArgument {}
extension PlantedBug: ExpressibleByArgument {}
extension PlantedDiskBug: ExpressibleByArgument {}
extension StoreChoice: ExpressibleByArgument {}

/// How much work a run is.
enum Scale: ExpressibleByArgument {
  case percent(UInt64)
  case mixed

  init?(argument: String) {
    if argument == "mixed" {
      self = .mixed
    } else if let percent = UInt64(argument), percent > 0 {
      self = .percent(percent)
    } else {
      return nil
    }
  }

  /// As it is written on the command line.
  var name: String {
    switch self {
    case .percent(let percent): "\(percent)"
    case .mixed: "mixed"
    }
  }

  func percent(of seed: UInt64) -> UInt64 {
    switch self {
    case .percent(let percent): percent
    case .mixed: SimulationPlan.mixedScale(of: seed)
    }
  }
}
