// Looks for the first seed that finds each planted bug, and prints the table that docs/TESTING.md holds.
import Foundation
import SimulationKit

enum PlantedSearch {
  static func printTable() {
    print("| Bug | Found by | Replay | Steps |")
    print("|---|---|---|---|")
    for bug in PlantedBug.allCases { printRow(bug.rawValue) { TellingSeed.plan(seed: $0, bug: bug) } }
    for bug in PlantedDiskBug.allCases { printRow(bug.rawValue) { TellingSeed.plan(seed: $0, bug: bug) } }
  }

  private static func printRow(_ name: String, plan: (UInt64) -> SimulationPlan) {
    defer { fflush(nil) }
    guard let found = search(plan) else {
      return print("| `\(name)` | nobody in \(TellingSeed.searchLimit) seeds | | |")
    }
    print("| `\(name)` | `\(found.violation.promise.rawValue)` | `\(found.plan.seedAndArguments)` | \(found.steps) |")
  }

  private static func search(
    _ plan: (UInt64) -> SimulationPlan
  ) -> (plan: SimulationPlan, violation: Violation, steps: UInt64)? {
    for seed in 1...TellingSeed.searchLimit {
      let plan = plan(seed)
      let report = SimulationRunner.run(plan).report
      guard let violation = report.violation else { continue }
      // What also fails without the bug says nothing about it.
      if SimulationRunner.run(plan.healthy).report.violation != nil { continue }
      return (plan, violation, report.totals.steps)
    }
    return nil
  }
}
