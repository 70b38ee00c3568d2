// Seeds that broke a promise once, with what was wrong: Fixtures/seeds/seeds.txt, a line each.
import SimulationKit

struct FixedSeed: Sendable, CustomStringConvertible {
  let seed: UInt64
  /// Percent of the usual amount of work.
  let scale: UInt64
  /// The only faults of the run; nil for whatever the seed makes of all of them.
  let faults: [FaultKind]?
  let reason: String

  var plan: SimulationPlan { SimulationPlan(seed: seed, scale: scale, only: faults) }
  var description: String { "\(seed) at \(scale) %" }

  /// `SEED SCALE [faults:NAME,NAME] REASON`, lines with # are remarks.
  static let all: [FixedSeed] = RepositoryFile.lines("Fixtures/seeds/seeds.txt").compactMap { line in
    let words = line.split(separator: " ", maxSplits: 2)
    guard words.count == 3, let seed = UInt64(words[0]), let scale = UInt64(words[1]) else { return nil }
    guard words[2].hasPrefix("faults:") else {
      return FixedSeed(seed: seed, scale: scale, faults: nil, reason: String(words[2]))
    }
    let rest = words[2].dropFirst("faults:".count).split(separator: " ", maxSplits: 1)
    let faults = rest[0].split(separator: ",").compactMap { FaultKind(rawValue: String($0)) }
    return FixedSeed(seed: seed, scale: scale, faults: faults, reason: rest.count > 1 ? String(rest[1]) : "")
  }
}
