// The simulator in every test run: some hundred seeds, and every seed that has ever failed.
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
}
