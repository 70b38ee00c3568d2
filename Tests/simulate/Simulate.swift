// `simulate`: runs seeds of the simulator for as long as it is told, and stops at the first broken promise.
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

  @Option(help: "Runs from seed 1 (or --from) on for so many minutes.")
  var minutes: Double?

  @Option(help: "The first seed with --minutes.")
  var from: UInt64 = 1

  @Option(help: "Percent of the usual amount of work.")
  var scale: UInt64 = 100

  @Option(help: "Only this fault (may be repeated).")
  var fault: [String] = []

  @Option(help: "A bug to plant.")
  var bug: String?

  @Option(help: "Keep the stores in memory, or with sqlite on simulated disks; by default the seed chooses.")
  var stores: String?

  @Flag(help: "Prints what happens.")
  var trace = false

  @Flag(help: "Goes on after a violation.")
  var keepGoing = false

  func run() throws {
    let faults = try self.fault.map { name in
      guard let kind = FaultKind(rawValue: name) else {
        throw ValidationError("\(name) is no fault; there are \(FaultKind.allCases.map(\.rawValue).joined(separator: ", ")).")
      }
      return kind
    }
    let planted = bug.flatMap { PlantedBug(rawValue: $0) }
    let plantedDisk = bug.flatMap { PlantedDiskBug(rawValue: $0) }
    if let bug, planted == nil, plantedDisk == nil {
      let all = PlantedBug.allCases.map(\.rawValue) + PlantedDiskBug.allCases.map(\.rawValue)
      throw ValidationError("\(bug) is no bug; there are \(all.joined(separator: ", ")).")
    }
    let choice = try stores.map { name in
      guard let choice = StoreChoice(rawValue: name) else { throw ValidationError("--stores is memory or sqlite.") }
      return choice
    }
    var tally = Tally()
    for seed in try wanted() {
      let plan = SimulationPlan(
        seed: seed, scale: scale, only: faults.isEmpty ? nil : faults, bug: planted, stores: choice, diskBug: plantedDisk)
      let report = SimulationRunner.run(plan, sink: trace ? { print($0) } : nil).report
      tally.add(report)
      if report.violation != nil, !keepGoing { break }
      if let minutes, tally.elapsedSeconds > minutes * 60 { break }
    }
    tally.printSummary()
    if tally.violations > 0 { throw ExitCode(1) }
  }

  private func wanted() throws -> ClosedRange<UInt64> {
    if let seed { return seed...seed }
    if minutes != nil { return from...(.max) }
    let ends = (seeds ?? "1..100").split(separator: ".", omittingEmptySubsequences: true).compactMap { UInt64($0) }
    guard ends.count == 2, ends[0] <= ends[1] else { throw ValidationError("Write --seeds FIRST..LAST.") }
    return ends[0]...ends[1]
  }
}
