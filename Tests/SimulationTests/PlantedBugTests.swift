// The check of the simulator itself: bugs put in on purpose, each with a seed whose run must find it.
import SimulationKit
import Testing

@Suite struct PlantedBugTests {
  @Test(arguments: PlantedBug.allCases) func `a planted bug is found`(bug: PlantedBug) {
    let faults: [FaultKind]? = bug == .forgetMarkers ? [.poison] : nil
    let plan = SimulationPlan(seed: bug.tellingSeed, scale: 15, only: faults, bug: bug)
    #expect(SimulationRunner.run(plan).report.violation != nil, "\(bug.rawValue) was not found")
    var healthy = plan
    healthy.bug = nil
    let violation = SimulationRunner.run(healthy).report.violation
    #expect(violation == nil, "without \(bug.rawValue): \(violation?.description ?? "")")
  }
}

extension PlantedBug {
  /// The first seed that finds it; `simulate --scale 15 --bug NAME` finds it anew when the seeds mean something else.
  var tellingSeed: UInt64 {
    switch self {
    case .forgetOffer, .retireEarly, .skipDigests, .skipLastRow: 1
    case .skipRefresh, .skipAccessNews: 2
    case .neverReconnect, .tearPage, .dropQueueOnRenewal: 4
    case .changeOutcome: 6
    case .forgetAnswer: 9
    case .acceptRollback: 13
    case .answerBeforeCommit: 16
    case .neverArmSilence: 20
    case .skipDepartures: 32
    case .forgetMutations: 34
    case .forgetMarkers: 59
    }
  }
}
