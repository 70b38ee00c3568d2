// Many runs, one after the other: totals, and the first violation with the line that replays it.

/// What became of one seed.
package struct SimulationReport: Sendable {
  package var seed: UInt64
  package var totals: SimulationTotals
  package var violation: Violation?
  package var virtualMoment: String
  package var fingerprint: UInt64
  /// The line that plays the run again, with its trace.
  package var replayLine: String
}

/// Runs seeds, each as a run of its own.
package enum SimulationRunner {
  package static func run(
    _ plan: SimulationPlan, keepsTrace: Bool = false, sink: ((String) -> Void)? = nil
  ) -> (report: SimulationReport, trace: [String]) {
    let simulation = Simulation(plan: plan, keepsTrace: keepsTrace, sink: sink)
    var violation: Violation?
    do {
      try simulation.run()
    } catch let found as Violation {
      violation = found
    } catch {
      violation = Violation(.storeFailed, "\(error)")
    }
    simulation.dismantle()
    let report = SimulationReport(
      seed: plan.seed, totals: simulation.totals, violation: violation, virtualMoment: Trace.time(simulation.now),
      fingerprint: simulation.fingerprint,
      replayLine: "swift run -c release simulate --seed \(plan.seed) --trace \(plan.replayArguments)")
    simulation.dispose()
    return (report, simulation.traceLines)
  }
}
