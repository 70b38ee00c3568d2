// The simulator with SQLite on simulated disks, in every test run: some seeds, those that failed once, and that equal seeds are
// equal runs.
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
}
