// Seeds that broke a promise once, with what was wrong: a line each in Fixtures/seeds, those on simulated disks in disks.txt.
import SimulationKit

struct FixedSeed: Sendable, CustomStringConvertible {
  let seed: UInt64
  /// Percent of the usual amount of work.
  let scale: UInt64
  /// The only faults of the run; nil for whatever the seed makes of all of them.
  let faults: [FaultKind]?
  let reason: String
  var stores: StoreChoice?

  var plan: SimulationPlan { SimulationPlan(seed: seed, scale: scale, only: faults, stores: stores) }
  var description: String { "\(seed) at \(scale) %" }

  static let all = read("seeds.txt", stores: nil)
  static let onDisks = read("disks.txt", stores: .sqlite)

  /// `SEED SCALE [faults:NAME,NAME] REASON`, lines with # are remarks.
  private static func read(_ name: String, stores: StoreChoice?) -> [FixedSeed] {
    RepositoryFile.lines("Fixtures/seeds/" + name).compactMap { line in
      let words = line.split(separator: " ", maxSplits: 2)
      guard words.count == 3, let seed = UInt64(words[0]), let scale = UInt64(words[1]) else { return nil }
      guard words[2].hasPrefix("faults:") else {
        return FixedSeed(seed: seed, scale: scale, faults: nil, reason: String(words[2]), stores: stores)
      }
      let rest = words[2].dropFirst("faults:".count).split(separator: " ", maxSplits: 1)
      let faults = rest[0].split(separator: ",").compactMap { FaultKind(rawValue: String($0)) }
      let reason = rest.count > 1 ? String(rest[1]) : ""
      return FixedSeed(seed: seed, scale: scale, faults: faults, reason: reason, stores: stores)
    }
  }
}
