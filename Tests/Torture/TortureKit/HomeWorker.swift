// One person's day under torture: works, syncs and looks, while commands are killed and frozen, run two at a time, meet a
// full or read-only disk, a wrong clock, or a cache that is gone.
import Foundation
import ProcessHarness

struct HomeWorker {
  /// Longer than any command may take here: `sync` connects for at most 15 s and tries four times, on a loaded machine.
  static let syncSeconds = 300
  static let commandSeconds = 120

  let laptop: Laptop
  let isReviewer: Bool
  let disk: Disk?
  let plan: TorturePlan
  let judge: CommandJudge
  let acknowledged: Acknowledged
  var dice: SeededDice

  private var log: TortureLog { judge.log }

  /// Works until the time is over, and has had its turns.
  mutating func run(until end: ContinuousClock.Instant) async {
    var turns = 0
    while ContinuousClock.now < end || turns < plan.leastTurns {
      turns += 1
      do {
        try await turn()
      } catch {
        log.find("\(laptop.name): \(error)")
      }
    }
  }

  private mutating func turn() async throws {
    switch dice.roll(20) {
    case 0..<5: try await work(in: laptop, changes: 1 + dice.roll(6))
    case 5..<8: try await sync(["sync", "--json"])
    case 8: try await interrupted(["sync"], by: .killed)
    case 9: try await interrupted(["sync"], by: .frozen)
    case 10: try await twoAtOnce()
    case 11: try await watchMeanwhile()
    case 12, 13: try await look()
    case 14, 15: try await fullDisk()
    case 16: try await readOnlyFiles()
    case 17, 18: try await wrongClock()
    default: try await loseCache()
    }
  }

  // MARK: Work

  private mutating func change(in laptop: Laptop) async throws -> [String]? {
    let listed = try await laptop.run(["queue", "--all", "--json", "--limit", "40"], limitSeconds: Self.commandSeconds)
    guard listed.exitCode == 0, let posts = JSONValue(text: listed.output)?.array, !posts.isEmpty else { return nil }
    let post = posts[dice.roll(posts.count)]
    guard let reference = post.reference, let id = post["post"]?.string else { return nil }
    return isReviewer ? Work.review(reference, id, &dice) : Work.edit(id, &dice)
  }

  private mutating func work(
    in laptop: Laptop, changes: Int, allowing allowed: Set<Int32> = CommandJudge.documented, isOffline: Bool = false
  ) async throws {
    for _ in 0..<changes {
      guard let change = try await change(in: laptop) else {
        return try await sync(["sync", "--json"], in: isOffline ? self.laptop : laptop, allowing: allowed)
      }
      let manner = [["--offline"], ["--offline"], [], ["--wait=5"]][isOffline ? 0 : dice.roll(4)]
      let command = change + manner + ["--json"]
      if dice.roll(10) == 0 {
        try await interrupted(command, by: dice.roll(2) == 0 ? .killed : .frozen, in: laptop, allowing: allowed)
        continue
      }
      let finished = try await laptop.run(command, limitSeconds: Self.commandSeconds)
      note(finished, command, allowing: allowed)
    }
  }

  private func note(_ finished: Finished, _ command: [String], allowing allowed: Set<Int32>, killed: Bool = false) {
    log.note("\(laptop.name): \(command.joined(separator: " ")) -> \(finished.wasKilled ? "signal " : "")\(finished.exitCode)")
    log.count(command[0])
    judge.judge(finished, "\(laptop.name): \(command.joined(separator: " "))", allowing: allowed, killed: killed)
    if let report = JSONValue(text: finished.output) { acknowledged.note(report, by: laptop) }
  }

  private func sync(
    _ command: [String], in other: Laptop? = nil, allowing allowed: Set<Int32> = CommandJudge.documented
  ) async throws {
    note(try await (other ?? laptop).run(command, limitSeconds: Self.syncSeconds), command, allowing: allowed)
  }

  // MARK: Signals

  private enum Interruption { case killed, frozen }

  private mutating func interrupted(
    _ command: [String], by interruption: Interruption, in other: Laptop? = nil,
    allowing allowed: Set<Int32> = CommandJudge.documented
  ) async throws {
    let running = try (other ?? laptop).start(command)
    try await Pause.briefly(milliseconds: dice.roll(dice.roll(2) == 0 ? 80 : 1_200))
    switch interruption {
    case .killed: running.killAtOnce()
    case .frozen:
      running.send(SIGSTOP)
      try await Pause.briefly(milliseconds: dice.roll(3_000))
      running.send(SIGCONT)
    }
    log.count("\(interruption)")
    let finished = try await running.finish(limitSeconds: Self.syncSeconds)
    note(finished, command, allowing: allowed, killed: interruption == .killed)
  }

  private mutating func twoAtOnce() async throws {
    guard let first = try await change(in: laptop), let second = try await change(in: laptop) else { return }
    let commands = [first + ["--json"], dice.roll(2) == 0 ? ["sync", "--json"] : second + ["--json"]]
    let running = try commands.map { try laptop.start($0) }
    log.count("two at once")
    for (process, command) in zip(running, commands) {
      note(try await process.finish(limitSeconds: Self.syncSeconds), command, allowing: CommandJudge.documented)
    }
  }

  private mutating func watchMeanwhile() async throws {
    let watching = try laptop.start(["watch", "--json"])
    try await Pause.briefly(milliseconds: dice.roll(1_500))
    try await work(in: laptop, changes: 1 + dice.roll(3))
    // As control-C does; now and then the hard way.
    let isKilled = dice.roll(4) == 0
    watching.send(isKilled ? SIGKILL : SIGINT)
    let finished = try await watching.finish(limitSeconds: Self.commandSeconds)
    log.count("watch")
    judge.judge(finished, "\(laptop.name): watch", allowing: [0, 4, 75, 130], killed: isKilled)
  }

  // MARK: Looking

  private mutating func look() async throws {
    let commands = [
      ["status", "--json"], ["queue", "--json"], ["outcomes", "--json"], ["audit", "verify", "--json"],
      ["campaigns", "--json"],
    ]
    let command = commands[dice.roll(commands.count)]
    // An interrupted sync leaves decisions without their evidence, and the audit says so until the next one.
    let finished = try await laptop.run(command, limitSeconds: Self.commandSeconds)
    note(finished, command, allowing: finished.output.contains("\"problems\":[]") ? [0, 7, 10] : [0, 10])
  }

  // MARK: Disks, clocks, caches

  private mutating func fullDisk() async throws {
    guard let disk else { return try await work(in: laptop, changes: 2) }
    disk.fill(leavingBytes: dice.roll(3) * 20_000)
    defer { disk.free() }
    log.note("\(laptop.name): the disk is full")
    log.count("full disk")
    let allowed = CommandJudge.documented.union(CommandJudge.troubledFiles)
    if dice.roll(2) == 0 { try await sync(["sync", "--json"], allowing: allowed) }
    try await work(in: laptop, changes: 1 + dice.roll(4), allowing: allowed)
  }

  private mutating func readOnlyFiles() async throws {
    guard let disk, disk.makeReadOnly() else { return try await look() }
    defer { disk.makeWritable() }
    log.note("\(laptop.name): the files are read-only")
    log.count("read-only")
    let allowed = CommandJudge.documented.union(CommandJudge.troubledFiles)
    try await sync(["sync", "--json"], allowing: allowed)
    try await work(in: laptop, changes: 1 + dice.roll(2), allowing: allowed)
  }

  private mutating func wrongClock() async throws {
    let days = [-400, -2, 2, 400][dice.roll(4)]
    var shifted = laptop
    shifted.environment = plan.clock(offByDays: days)
    guard !shifted.environment.isEmpty else { return try await work(in: laptop, changes: 2) }
    log.note("\(laptop.name): the clock is off by \(days) days")
    log.count("wrong clock")
    // Offline only: the library moves the clock that counts from the start of the machine, too, and with it every timer.
    try await work(in: shifted, changes: 1 + dice.roll(4), isOffline: true)
    try await sync(["sync", "--json"])
  }

  /// The cache can be thrown away; what waits to be sent is kept elsewhere.
  private mutating func loseCache() async throws {
    guard dice.roll(3) == 0 else { return try await look() }
    for folder in try FileManager.default.contentsOfDirectory(atPath: laptop.home) {
      for name in ["cache.sqlite", "cache.sqlite-wal", "cache.sqlite-shm"] {
        unlink("\(laptop.home)/\(folder)/\(name)")
      }
    }
    log.note("\(laptop.name): the cache is gone")
    log.count("lost cache")
    try await sync(["sync", "--json"])
  }
}
