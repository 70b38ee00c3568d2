// What was run of one commit, kept from one call to the next: `.simulate/<commit>.json`. The totals are those of the seeds that
// it calls done, at every moment it is written.
import Foundation

package struct SimulationRecord: Codable, Sendable {
  package var commit = ""
  /// Every seed that the totals count.
  package private(set) var done: [DoneSeeds] = []
  /// Of records that are older than `done`: every seed before this one was played, at a scale that they do not tell.
  package private(set) var nextSeed: UInt64 = 1
  package private(set) var runs = 0
  package private(set) var virtualDays = 0.0
  /// Of these, the time in which people worked and faults struck.
  package private(set) var activeDays = 0.0
  package private(set) var changes = 0
  package private(set) var ledgerEntries: UInt64 = 0
  package private(set) var strikes = 0
  /// Strikes that took effect. Records that do not know `strikes` counted all of them here.
  package private(set) var faults = 0
  package private(set) var faultsByKind: [String: Int] = [:]
  package private(set) var sessions = 0
  package var seconds = 0.0
  /// The lines that play violations again.
  package private(set) var violations: [String] = []

  package init() {}

  /// Whatever an older record does not have is as in a new one.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys, or standard: Value) throws -> Value {
      try values.decodeIfPresent(Value.self, forKey: key) ?? standard
    }
    commit = try value(.commit, or: "")
    done = try value(.done, or: [])
    nextSeed = try value(.nextSeed, or: 1)
    runs = try value(.runs, or: 0)
    virtualDays = try value(.virtualDays, or: 0)
    activeDays = try value(.activeDays, or: 0)
    changes = try value(.changes, or: 0)
    ledgerEntries = try value(.ledgerEntries, or: 0)
    strikes = try value(.strikes, or: 0)
    faults = try value(.faults, or: 0)
    faultsByKind = try value(.faultsByKind, or: [:])
    sessions = try value(.sessions, or: 0)
    seconds = try value(.seconds, or: 0)
    violations = try value(.violations, or: [])
  }

  /// A new one if there is no such file.
  package static func read(_ path: String) throws -> SimulationRecord {
    guard FileManager.default.fileExists(atPath: path) else { return SimulationRecord() }
    return try JSONDecoder().decode(SimulationRecord.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// Whole or not at all: beside it first, then in its place.
  package func write(_ path: String) throws {
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(self).write(to: url, options: .atomic)
  }

  package func seeds(of kind: RunKind) -> SeedRanges {
    SeedRanges(done.filter { $0.kind == kind }.compactMap(\.range))
  }

  /// Where a call goes on that names no seeds: the first one missing after those that were played.
  package func seedToGoOn(of kind: RunKind) -> UInt64 {
    let played = seeds(of: kind)
    let first = played.ranges.first?.lowerBound ?? nextSeed
    return played.firstMissing(in: first...UInt64.max) ?? first
  }

  package mutating func add(_ report: SimulationReport, kind: RunKind) {
    var played = seeds(of: kind)
    played.insert(report.seed...report.seed)
    done = done.filter { $0.kind != kind } + played.ranges.map { DoneSeeds(kind: kind, range: $0) }
    runs += 1
    virtualDays += Double(report.totals.virtualMilliseconds) / 86_400_000
    activeDays += Double(report.totals.activeMilliseconds) / 86_400_000
    changes += report.totals.mutations
    ledgerEntries += report.totals.ledgerEntries
    strikes += report.totals.strikes
    faults += report.totals.faults
    faultsByKind.merge(report.totals.faultsByKind, uniquingKeysWith: +)
    sessions += report.totals.sessions
    if report.violation != nil { violations.append(report.replayLine) }
  }

  package var summary: String {
    "\(runs) runs, \(Int(virtualDays)) virtual days, \(Int(24 * activeDays)) hours of work, \(changes) changes, "
      + "\(faults) faults, \(violations.count) violations"
  }
}

/// What decides about a run beside its seed.
package struct RunKind: Codable, Sendable, Hashable, CustomStringConvertible {
  /// Percent of the usual amount of work, or `mixed`.
  package var scale: String
  /// What keeps the stores, if that was not left to the seed.
  package var stores: String?
  /// What else was asked for: faults and planted bugs.
  package var arguments: String?

  package init(scale: String, stores: StoreChoice? = nil, arguments: [String] = []) {
    self.scale = scale
    self.stores = stores?.rawValue
    self.arguments = arguments.isEmpty ? nil : arguments.joined(separator: " ")
  }

  package var description: String {
    "scale \(scale)" + (stores.map { ", stores \($0)" } ?? "") + (arguments.map { ", \($0)" } ?? "")
  }
}

/// Seeds without a gap that were played in one way.
package struct DoneSeeds: Codable, Sendable, Hashable {
  package var kind: RunKind
  package var from: UInt64
  package var to: UInt64

  init(kind: RunKind, range: ClosedRange<UInt64>) {
    self.kind = kind
    from = range.lowerBound
    to = range.upperBound
  }

  /// Nil if somebody wrote nonsense into the file.
  var range: ClosedRange<UInt64>? { from <= to ? from...to : nil }
}
