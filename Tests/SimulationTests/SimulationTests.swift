// The simulator in every test run: each fault alone, every seed that has ever failed, and the proof that chance comes from
// nowhere else. make test plays two thousand seeds more.
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

  @Test(arguments: FaultKind.allCases) func `every fault alone keeps every promise`(fault: FaultKind) {
    for seed: UInt64 in 3...4 {
      let report = SimulationRunner.run(SimulationPlan(seed: seed, scale: 15, only: [fault])).report
      #expect(report.violation == nil, "\(report.violation?.description ?? "") \(report.replayLine)")
    }
  }

  @Test(arguments: FixedSeed.all) func `a seed that failed once holds`(fixed: FixedSeed) {
    let report = SimulationRunner.run(fixed.plan).report
    #expect(report.violation == nil, "\(fixed.reason): \(report.violation?.description ?? "")")
  }

  @Test func `there are fixed seeds`() { #expect(!FixedSeed.all.isEmpty) }

  @Test func `the line that replays a run says whatever differs from the defaults`() {
    #expect(SimulationPlan(seed: 7).replayArguments.isEmpty)
    let plan = SimulationPlan(seed: 7, scale: 5, only: [.cut, .poison], bug: .tearPage)
    #expect(plan.seedAndArguments == "--seed 7 --scale 5 --fault cut --fault poison --bug tear_page")
    #expect(SimulationPlan(seed: 7, offlineChanges: 10_000).replayArguments == "--offline-changes 10000")
  }

  @Test func `a mixed campaign is mostly small runs and some large ones`() {
    let scales = (1...2_000).map { SimulationPlan.mixedScale(of: $0) }
    #expect(Set(scales) == [5, 10, 30, 100])
    #expect(scales.filter { $0 == 5 }.count > 1_500 && scales.filter { $0 == 100 }.count > 5)
  }
}
