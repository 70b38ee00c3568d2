// The runner of many seeds: what it keeps, that it goes on where it stopped, and that its totals count what happened.
import Foundation
import SimulationKit
import Synchronization
import Testing

@Suite struct RunnerTests {
  private static let kind = RunKind(scale: "2", arguments: ["--fault", "cut"])

  /// Seeds in the order in which they were met, mostly those of which runs were begun.
  private final class Played: Sendable {
    private let list = Mutex<[UInt64]>([])

    var seeds: [UInt64] { list.withLock { $0 } }

    func note(_ seeds: [UInt64]) { list.withLock { $0 += seeds } }

    func plan(_ seed: UInt64) -> SimulationPlan {
      note([seed])
      return SimulationPlan(seed: seed, scale: 2, only: [.cut], stores: .memory)
    }
  }

  /// Hands out the path of a record in a folder of its own, and removes the folder.
  private func withRecord(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("runner-" + UUID().uuidString)
    // A folder that was never made need not be removed.
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appendingPathComponent("commit.json").path)
  }

  private func campaign(
    _ seeds: ClosedRange<UInt64>, file: String, jobs: Int = 1, progressSeconds: Double = 3_600,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws -> SimulationCampaign {
    SimulationCampaign(
      seeds: seeds, kind: Self.kind, jobs: jobs, record: try SimulationRecord.read(file), file: file,
      progressSeconds: progressSeconds, isStopped: isStopped)
  }

  // MARK: Going on

  @Test(arguments: [1, 2]) func `a second call does only what the first one left`(jobs: Int) throws {
    try withRecord { file in
      let first = Played()
      let stopped = try campaign(1...6, file: file, jobs: jobs) { first.seeds.count >= 3 }
      let tally = try stopped.run { first.plan($0) }
      #expect(tally.violations == 0)
      let kept = try SimulationRecord.read(file)
      #expect(first.seeds.count >= 3 && first.seeds.count < 6)
      #expect(kept.runs == first.seeds.count)
      #expect(kept.seeds(of: Self.kind) == SeedRanges([1...UInt64(first.seeds.count)]))

      let second = Played()
      _ = try campaign(1...6, file: file, jobs: jobs).run { second.plan($0) }
      let whole = try SimulationRecord.read(file)
      #expect((first.seeds + second.seeds).sorted() == [1, 2, 3, 4, 5, 6])
      #expect(whole.runs == 6)
      #expect(whole.seeds(of: Self.kind).firstMissing(in: 1...6) == nil)

      let third = Played()
      _ = try campaign(1...6, file: file, jobs: jobs).run { third.plan($0) }
      #expect(third.seeds.isEmpty)
      #expect(try SimulationRecord.read(file).runs == 6)
    }
  }

  /// The moment at which a run begins is the one at which a trap or a kill would end the process: there the files are looked
  /// at.
  @Test func `what a killed call leaves names the seed in flight and counts the others`() throws {
    try withRecord { file in
      let played = Played()
      let copy = file + ".copy"
      let killed = try campaign(1...5, file: file, progressSeconds: 0)
      let inFlight = Played()
      _ = try killed.run { seed in
        if seed == 4 {
          // Without these two there is nothing to compare below, and the test fails there.
          inFlight.note((try? RunningSeeds(beside: file).read()) ?? [])
          try? FileManager.default.copyItem(atPath: file, toPath: copy)
        }
        return played.plan(seed)
      }
      #expect(inFlight.seeds == [4])
      #expect(try RunningSeeds(beside: file).read().isEmpty)
      let kept = try SimulationRecord.read(copy)
      #expect(kept.runs == 3 && kept.seeds(of: Self.kind) == SeedRanges([1...3]))
      let rest = Played()
      _ = try campaign(1...5, file: copy).run { rest.plan($0) }
      #expect(rest.seeds == [4, 5])
      #expect(try SimulationRecord.read(copy).changes == SimulationRecord.read(file).changes)
    }
  }

  @Test func `another scale, another choice of stores or other faults are other runs`() throws {
    try withRecord { file in
      _ = try campaign(3...4, file: file).run { Played().plan($0) }
      let kept = try SimulationRecord.read(file)
      #expect(kept.seedToGoOn(of: Self.kind) == 5)
      let others = [
        RunKind(scale: "5", arguments: ["--fault", "cut"]), RunKind(scale: "2"),
        RunKind(scale: "2", stores: .sqlite, arguments: ["--fault", "cut"]),
      ]
      for other in others { #expect(kept.seeds(of: other).ranges.isEmpty && kept.seedToGoOn(of: other) == 1) }
      #expect(kept.done.map(\.kind) == [Self.kind])
    }
  }

  @Test func `a record that cannot be written is an error`() throws {
    try withRecord { file in
      try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: true)
      let campaign = SimulationCampaign(
        seeds: 1...1, kind: Self.kind, record: SimulationRecord(), file: file, isStopped: { false })
      #expect(throws: (any Error).self) { try campaign.run { Played().plan($0) } }
    }
  }

  // MARK: Files and ranges

  @Test func `a record of before there were ranges is read`() throws {
    try withRecord { file in
      let old = #"""
        {"changes": 154682, "commit": "d0e647907e5a", "faults": 26573, "ledgerEntries": 257426, "nextSeed": 8983, "runs": 8982,
        "seconds": 656.5, "sessions": 101004, "violations": ["simulate --seed 7602"], "virtualDays": 16721.25}
        """#
      let url = URL(fileURLWithPath: file)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(old.utf8).write(to: url)
      let record = try SimulationRecord.read(file)
      #expect(record.commit == "d0e647907e5a" && record.runs == 8_982 && record.faults == 26_573)
      #expect(record.virtualDays == 16_721.25 && record.violations.count == 1)
      #expect(record.done.isEmpty && record.strikes == 0 && record.faultsByKind.isEmpty && record.activeDays == 0)
      #expect(record.seedToGoOn(of: Self.kind) == 8_983)
    }
  }

  @Test func `ranges that touch become one, and gaps are found`() {
    var seeds = SeedRanges([10...12, 1...3])
    #expect(seeds.ranges == [1...3, 10...12])
    #expect(seeds.firstMissing(in: 1...20) == 4)
    #expect(seeds.firstMissing(in: 11...12) == nil)
    #expect(seeds.firstMissing(in: 11...13) == 13)
    #expect(seeds.firstMissing(in: 5...6) == 5)
    #expect(seeds.count(in: 2...11) == 4)
    seeds.insert(5...8)
    seeds.insert(4...4)
    #expect(seeds.ranges == [1...8, 10...12])
    seeds.insert(9...9)
    #expect(seeds.ranges == [1...12])
    seeds.insert(20...UInt64.max)
    #expect(seeds.firstMissing(in: 13...UInt64.max) == 13)
    #expect(seeds.firstMissing(in: 20...UInt64.max) == nil)
  }

  // MARK: Honest totals

  @Test func `time that stands still is a violation, and many steps at many moments are none`() throws {
    let limit: UInt64 = 1_000
    let standing = Timeline(stepsAtOnceLimit: limit)
    func again() { standing.after(0, again) }
    standing.after(5, again)
    for _ in 0..<limit { try standing.step() }
    #expect(standing.now == 5)
    let violation = #expect(throws: Violation.self) { try standing.step() }
    #expect(violation?.promise == .livelock)

    let moving = Timeline(stepsAtOnceLimit: limit)
    func later() { moving.after(1, later) }
    later()
    for _ in 0..<(3 * limit) { try moving.step() }
    #expect(moving.now == 3 * limit)
  }

  @Test func `a strike that finds nothing does not count as a fault`() throws {
    // Nobody is there yet: only the server can have trouble.
    let simulation = Simulation(plan: SimulationPlan(seed: 1, stores: .memory))
    for fault: FaultKind in [.cut, .partition, .killDevice, .deleteCache] { try simulation.strike(fault) }
    #expect(simulation.totals.strikes == 4 && simulation.totals.faults == 0)
    try simulation.strike(.fullServerDisk)
    #expect(simulation.totals.strikes == 5)
    #expect(simulation.totals.faultsByKind == ["full_server_disk": 1])
  }

  @Test func `a month without anybody is not time in which people work`() {
    let totals = SimulationRunner.run(SimulationPlan(seed: 1, offlineChanges: 20)).report.totals
    #expect(totals.faultsByKind == ["long_absence": 1])
    #expect(totals.virtualMilliseconds > 30 * 86_400_000)
    #expect(totals.activeMilliseconds > 60_000 && totals.activeMilliseconds < 3_600_000)
  }
}
