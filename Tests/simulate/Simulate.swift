// `simulate`: runs seeds of the simulator for as long as it is told, on as many threads, and stops at the first broken promise.
import ArgumentParser
import SimulationKit

@main
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs the sync system in virtual time, with faults, and checks what it promises.")

  @Option(help: "One run, by its seed.")
  var seed: UInt64?

  @Option(help: "Many runs: FIRST..LAST.")
  var seeds: String?

  @Option(help: "Runs for so many minutes, from the record's next seed on, or from --from.")
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

  @Option(help: "A file that keeps the totals, and where to go on.")
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
  }

  func run() throws {
    if planted { return PlantedSearch.printTable() }
    var kept = try record.map { try SimulationRecord.read($0) } ?? SimulationRecord()
    kept.commit = commit
    let seeds = try wanted(next: kept.nextSeed)
    let campaign = SimulationCampaign(
      seeds: seeds, jobs: jobs, seconds: minutes.map { $0 * 60 }, keepsGoing: keepGoing, record: kept, file: record)
    StopSignal.install()
    let sink: @Sendable (String) -> Void = { print($0) }
    let tally = campaign.run(plan: plan, sink: trace ? sink : nil)
    tally.printSummary()
    if let record {
      try tally.record.write(record)
      print("kept in        \(record): \(tally.record.summary)")
    }
    if tally.violations > 0 { throw ExitCode(1) }
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

  private func wanted(next: UInt64) throws -> ClosedRange<UInt64> {
    if let seed { return seed...seed }
    if let seeds {
      let ends = seeds.split(separator: ".", omittingEmptySubsequences: true).compactMap { UInt64($0) }
      guard ends.count == 2, ends[0] <= ends[1] else { throw ValidationError("Write --seeds FIRST..LAST.") }
      return ends[0]...ends[1]
    }
    let first = from ?? next
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

  func percent(of seed: UInt64) -> UInt64 {
    switch self {
    case .percent(let percent): percent
    case .mixed: SimulationPlan.mixedScale(of: seed)
    }
  }
}
