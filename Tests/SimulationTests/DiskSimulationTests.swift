// The simulator with SQLite on simulated disks, in every test run: some seeds, that equal seeds are equal runs, and that
// each bug planted in disk or settings is found.
import SimulationKit
import Testing

@Suite struct DiskSimulationTests {
  @Test func `a run on simulated disks is a function of its seed`() {
    let plan = SimulationPlan(seed: 7, scale: 25, stores: .sqlite)
    let first = SimulationRunner.run(plan, keepsTrace: true)
    let second = SimulationRunner.run(plan, keepsTrace: true)
    #expect(first.trace.count > 100)
    #expect(first.trace == second.trace)
    #expect(first.report.fingerprint == second.report.fingerprint)
    #expect(first.report.totals == second.report.totals)
  }

  @Test(arguments: 0..<2) func `runs on simulated disks keep every promise`(half: UInt64) {
    for seed in (half * 8 + 1)...(half * 8 + 8) {
      let report = SimulationRunner.run(SimulationPlan(seed: seed, scale: 10, stores: .sqlite)).report
      #expect(report.violation == nil, "\(report.violation?.description ?? "") \(report.replayLine)")
    }
  }

  @Test(arguments: FixedSeed.onDisks) func `a seed that failed once on disks holds`(fixed: FixedSeed) {
    let report = SimulationRunner.run(fixed.plan).report
    #expect(report.violation == nil, "\(fixed.reason): \(report.violation?.description ?? "")")
  }

  @Test(arguments: PlantedDiskBug.allCases) func `a bug planted in the disk is found`(bug: PlantedDiskBug) {
    let plan = SimulationPlan(seed: bug.tellingSeed, scale: bug.scale, diskBug: bug)
    #expect(SimulationRunner.run(plan).report.violation != nil, "\(bug.rawValue) was not found")
    let healthy = SimulationPlan(seed: bug.tellingSeed, scale: bug.scale, stores: .sqlite)
    let violation = SimulationRunner.run(healthy).report.violation
    #expect(violation == nil, "without \(bug.rawValue): \(violation?.description ?? "")")
  }
}

extension PlantedDiskBug {
  /// The first seed that finds it; `simulate --scale SCALE --disk-bug NAME` finds it anew when the seeds mean something else.
  var tellingSeed: UInt64 {
    switch self {
    case .skipSync, .weakServer, .unsyncedServer, .halfPage, .forgetLog: 2
    case .answerBeforeCommit: 13
    case .weakOutbox: 5
    }
  }

  var scale: UInt64 { self == .weakOutbox ? 60 : 15 }
}
