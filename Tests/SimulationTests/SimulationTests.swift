// The simulator in every test run: some hundred seeds, every seed that has ever failed, and the proof that chance comes from
// nowhere else.
import Foundation
import SimulationKit
import Testing

@Suite struct SimulationTests {
  @Test func `a run is a function of its seed`() {
    let plan = SimulationPlan(seed: 7, scale: 20)
    let first = SimulationRunner.run(plan, keepsTrace: true)
    let second = SimulationRunner.run(plan, keepsTrace: true)
    #expect(first.trace.count > 100)
    #expect(first.trace == second.trace)
    #expect(first.report.fingerprint == second.report.fingerprint)
    #expect(first.report.totals == second.report.totals)
  }

  @Test func `another seed is another run`() {
    let reports = (1...4).map { SimulationRunner.run(SimulationPlan(seed: $0, scale: 10)).report }
    #expect(Set(reports.map(\.fingerprint)).count == reports.count)
  }

  @Test(arguments: 0..<4) func `a hundred seeds keep every promise`(quarter: UInt64) {
    var totals = SimulationTotals()
    for seed in (quarter * 25 + 1)...(quarter * 25 + 25) {
      let report = SimulationRunner.run(SimulationPlan(seed: seed, scale: 10)).report
      #expect(report.violation == nil, "\(report.violation?.description ?? "") \(report.replayLine) --scale 10")
      totals.add(report.totals)
    }
    #expect(totals.mutations > 100 && totals.faults > 10)
  }

  @Test(arguments: FaultKind.allCases) func `every fault alone keeps every promise`(fault: FaultKind) {
    let report = SimulationRunner.run(SimulationPlan(seed: 3, scale: 10, only: [fault])).report
    #expect(
      report.violation == nil,
      "\(report.violation?.description ?? "") \(report.replayLine) --scale 10 --fault \(fault.rawValue)")
  }

  @Test(arguments: FixedSeed.all) func `a seed that failed once holds`(fixed: FixedSeed) {
    let report = SimulationRunner.run(fixed.plan).report
    #expect(report.violation == nil, "\(fixed.reason): \(report.violation?.description ?? "")")
  }

  @Test func `there are fixed seeds`() { #expect(!FixedSeed.all.isEmpty) }
}
