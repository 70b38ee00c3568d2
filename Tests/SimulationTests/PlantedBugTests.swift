// The check of the simulator itself: bugs put in on purpose, each of which it must find within a bounded number of runs.
import SimulationKit
import Testing

@Suite struct PlantedBugTests {
  /// Seeds that are tried for one bug.
  static let seedsLimit: UInt64 = 60

  @Test(arguments: PlantedBug.allCases) func `a planted bug is found`(bug: PlantedBug) {
    var found: (seed: UInt64, violation: Violation)?
    for seed in 1...Self.seedsLimit {
      let plan = SimulationPlan(seed: seed, scale: 30, only: bug.telling.isEmpty ? nil : bug.telling, bug: bug)
      if let violation = SimulationRunner.run(plan).report.violation {
        found = (seed, violation)
        break
      }
    }
    #expect(found != nil, "\(bug.rawValue) was not found in \(Self.seedsLimit) runs")
    if let found { print("planted \(bug.rawValue): found at run \(found.seed), \(found.violation.promise.rawValue)") }
  }
}

extension PlantedBug {
  /// The faults that bring it to light soonest; any for the rest.
  var telling: [FaultKind] {
    switch self {
    case .forgetOffer, .retireEarly, .tearPage, .skipDigests, .skipRefresh, .changeOutcome: []
    case .answerBeforeCommit: [.killServer, .killDevice]
    case .forgetMarkers: [.poison]
    case .forgetMutations, .dropQueueOnRenewal: [.restoreDevice, .copyDevice]
    case .acceptRollback: [.rollBackServer]
    case .skipDepartures: [.sleep, .partition]
    default: []
    }
  }
}
