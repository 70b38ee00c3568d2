// The check of the simulator itself: bugs put in on purpose, each with a run that must find it. The runs are those of the table in
// docs/TESTING.md, so that the table cannot say anything else than what happens.
import Foundation
import SimulationKit
import Testing

@Suite struct PlantedBugTests {
  @Test(arguments: PlantedBug.allCases) func `a planted bug is found as the table says`(bug: PlantedBug) throws {
    let row = try #require(PlantedRow.all[bug], "docs/TESTING.md has no row for \(bug.rawValue); simulate --planted prints it")
    let plan = TellingSeed.plan(seed: row.seed, bug: bug)
    #expect(plan.seedAndArguments == row.replay)
    let report = SimulationRunner.run(plan).report
    #expect(report.violation?.promise.rawValue == row.promise, "\(report.violation?.description ?? "nothing was found")")
    #expect(report.totals.steps == row.steps)
    var healthy = plan
    healthy.bug = nil
    let violation = SimulationRunner.run(healthy).report.violation
    #expect(violation == nil, "without \(bug.rawValue): \(violation?.description ?? "")")
  }

  @Test func `the table has a row for each planted bug and no other`() {
    #expect(PlantedRow.all.count == PlantedBug.allCases.count && PlantedBug.allCases.count >= 25)
  }
}

/// A row of the table of planted bugs.
struct PlantedRow {
  let promise: String
  let replay: String
  let seed: UInt64
  let steps: UInt64

  /// Lines like "| `bug` | `promise` | `--seed 1 …` | 900 |".
  static let all: [PlantedBug: PlantedRow] = {
    var rows: [PlantedBug: PlantedRow] = [:]
    for line in RepositoryFile.lines("docs/TESTING.md") {
      let cells = line.split(separator: "|").map {
        $0.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: "`", with: "")
      }
      guard cells.count == 4, let bug = PlantedBug(rawValue: cells[0]), let steps = UInt64(cells[3]) else { continue }
      let words = cells[2].split(separator: " ")
      guard words.count > 1, words[0] == "--seed", let seed = UInt64(words[1]) else { continue }
      rows[bug] = PlantedRow(promise: cells[1], replay: cells[2], seed: seed, steps: steps)
    }
    return rows
  }()
}
