// What was run of one commit, kept from one call to the next: `.simulate/<commit>.json`.
import Foundation
import SimulationKit

struct SimulationRecord: Codable, Sendable {
  var commit = ""
  /// Every seed before this one was played, by runs that go on from here.
  var nextSeed: UInt64 = 1
  var runs = 0
  var virtualDays = 0.0
  var changes = 0
  var ledgerEntries: UInt64 = 0
  var faults = 0
  var sessions = 0
  var seconds = 0.0
  /// The lines that play violations again.
  var violations: [String] = []

  static func read(_ path: String) throws -> SimulationRecord {
    guard FileManager.default.fileExists(atPath: path) else { return SimulationRecord() }
    return try JSONDecoder().decode(SimulationRecord.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  func write(_ path: String) throws {
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(self).write(to: url, options: .atomic)
  }

  mutating func add(_ report: SimulationReport) {
    runs += 1
    virtualDays += Double(report.totals.virtualMilliseconds) / 86_400_000
    changes += report.totals.mutations
    ledgerEntries += report.totals.ledgerEntries
    faults += report.totals.faults
    sessions += report.totals.sessions
    if report.violation != nil { violations.append(report.replayLine) }
  }

  var summary: String {
    "\(runs) runs, \(Int(virtualDays)) virtual days, \(changes) changes, \(faults) faults, \(violations.count) violations"
  }
}
