// The check of the simulator itself: bugs put in on purpose, each with a run that must find it. The runs are those of the table in
// docs/TESTING.md, so that the table cannot say anything else than what happens.
import Foundation
import SimulationKit
import Testing

@Suite struct PlantedBugTests {
  @Test(arguments: PlantedBug.allCases) func `a planted bug is found as the table says`(bug: PlantedBug) throws {
    try check(bug.rawValue) { TellingSeed.plan(seed: $0, bug: bug) }
  }

  @Test(arguments: PlantedDiskBug.allCases) func `a bug planted in the disk is found as the table says`(bug: PlantedDiskBug)
    throws
  {
    try check(bug.rawValue) { TellingSeed.plan(seed: $0, bug: bug) }
  }

  @Test func `the table has a row for each planted bug and no other`() {
    let names = PlantedBug.allCases.map(\.rawValue) + PlantedDiskBug.allCases.map(\.rawValue)
    #expect(PlantedRow.all.keys.sorted() == names.sorted() && names.count >= 25)
  }

  private func check(_ name: String, plan: (UInt64) -> SimulationPlan) throws {
    let row = try #require(PlantedRow.all[name], "docs/TESTING.md has no row for \(name); simulate --planted prints it")
    let plan = plan(row.seed)
    #expect(plan.seedAndArguments == row.replay)
    let report = SimulationRunner.run(plan).report
    #expect(report.violation?.promise.rawValue == row.promise, "\(report.violation?.description ?? "nothing was found")")
    #expect(report.totals.steps == row.steps)
    let violation = SimulationRunner.run(plan.healthy).report.violation
    #expect(violation == nil, "without \(name): \(violation?.description ?? "")")
  }
}

/// A row of the table of planted bugs.
struct PlantedRow {
  let promise: String
  let replay: String
  let seed: UInt64
  let steps: UInt64

  /// Lines like "| `bug` | `promise` | `--seed 1 …` | 900 |".
  static let all: [String: PlantedRow] = {
    var rows: [String: PlantedRow] = [:]
    for line in RepositoryFile.lines("docs/TESTING.md") {
      let cells = line.split(separator: "|").map {
        $0.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: "`", with: "")
      }
      guard cells.count == 4, let steps = UInt64(cells[3]) else { continue }
      let words = cells[2].split(separator: " ")
      guard words.count > 1, words[0] == "--seed", let seed = UInt64(words[1]) else { continue }
      rows[cells[0]] = PlantedRow(promise: cells[1], replay: cells[2], seed: seed, steps: steps)
    }
    return rows
  }()
}
