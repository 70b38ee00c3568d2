// Seeds that broke a promise once, with what was wrong: a line each in Fixtures/seeds, those on simulated disks in disks.txt.
import Foundation
import SimulationKit

struct FixedSeed: Sendable, CustomStringConvertible {
  let seed: UInt64
  /// Percent of the usual amount of work.
  let scale: UInt64
  let reason: String
  var stores: StoreChoice?

  var plan: SimulationPlan { SimulationPlan(seed: seed, scale: scale, stores: stores) }
  var description: String { "\(seed) at \(scale) %" }

  /// From the repository's root: `SEED SCALE REASON`, lines with # are remarks.
  static let all = read("seeds.txt", stores: nil)
  static let onDisks = read("disks.txt", stores: .sqlite)

  private static func read(_ name: String, stores: StoreChoice?) -> [FixedSeed] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = (try? String(contentsOf: root.appendingPathComponent("Fixtures/seeds/" + name), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ", maxSplits: 2)
      guard words.count == 3, let seed = UInt64(words[0]), let scale = UInt64(words[1]) else { return nil }
      return FixedSeed(seed: seed, scale: scale, reason: String(words[2]), stores: stores)
    }
  }
}
