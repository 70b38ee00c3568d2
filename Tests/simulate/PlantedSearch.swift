// Looks for the first seed that finds each planted bug, and prints the table that docs/TESTING.md holds.
import Foundation
import SimulationKit

enum PlantedSearch {
  static func printTable() throws {
    print("| Bug | Found by | Replay | Steps |")
    print("|---|---|---|---|")
    for bug in PlantedBug.allCases {
      fflush(nil)
      guard let found = search(bug) else {
        print("| `\(bug.rawValue)` | nobody in \(TellingSeed.searchLimit) seeds | | |")
        continue
      }
      print(
        "| `\(bug.rawValue)` | `\(found.violation.promise.rawValue)` | `\(found.plan.seedAndArguments)` | \(found.steps) |")
    }
  }

  private static func search(_ bug: PlantedBug) -> (plan: SimulationPlan, violation: Violation, steps: UInt64)? {
    for seed in 1...TellingSeed.searchLimit {
      let plan = TellingSeed.plan(seed: seed, bug: bug)
      let report = SimulationRunner.run(plan).report
      guard let violation = report.violation else { continue }
      var healthy = plan
      healthy.bug = nil
      // What also fails without the bug says nothing about it.
      if SimulationRunner.run(healthy).report.violation != nil { continue }
      return (plan, violation, report.totals.steps)
    }
    return nil
  }
}
