// One play: a server and some homes at work, a bad network between them, troubles all around; then quiet, and the same checks
// as after the storm.
import Foundation
import ProcessHarness

package final class Torture {
  /// How long a home may take to send everything once the faults are over.
  private static let drainSeconds = 240

  private let plan: TorturePlan
  private let practice: Practice
  private let log: TortureLog
  private let judge: CommandJudge
  private let proxy: FaultProxy
  private let serverDisk: Disk?
  private let homeDisk: Disk?
  private let laptops: [Laptop]
  private let acknowledged = Acknowledged()

  /// Sets the scene: a tenant, its people enrolled and then moved behind the proxy, and posts to work on.
  package init(_ plan: TorturePlan) async throws {
    self.plan = plan
    var disks: [Disk?] = []
    practice = try await Practice(isPlainText: plan.isPlainText) { scratch in
      guard plan.hasSmallDisks else { return }
      disks = [Disk(at: scratch.path + "/server", megabytes: 24), Disk(at: scratch.path + "/home-reviewer-0", megabytes: 12)]
    }
    (serverDisk, homeDisk) = (disks.first ?? nil, disks.last ?? nil)
    log = try TortureLog(path: practice.scratch.path + "/torture.log", isLoud: plan.isLoud)
    judge = CommandJudge(log: log, isPlainText: plan.isPlainText)
    guard let port = practice.url.split(separator: ":").last.flatMap({ UInt16($0.prefix { $0.isNumber }) }) else {
      throw HarnessError("no port in \(practice.url)")
    }
    proxy = try FaultProxy(target: port, seed: plan.seed, log: log)
    _ = try await practice.enrol("Ada", role: "admin")
    var people: [Laptop] = []
    for number in 0..<plan.editors { people.append(try await practice.enrol("editor-\(number)", role: "editor")) }
    for number in 0..<plan.reviewers { people.append(try await practice.enrol("reviewer-\(number)", role: "reviewer")) }
    laptops = people
    let file = try Batch.write(posts: plan.posts, in: practice.scratch)
    acknowledged.note(
      try await people[0].json(["import", file, "--submit", "--wait=60"], limitSeconds: 120), by: people[0])
    for laptop in people {
      _ = try await laptop.json(["sync"])
      let url = "\(plan.isPlainText ? "http" : "https")://127.0.0.1:\(proxy.port)"
      _ = try await laptop.run(["profiles", "set-url", url])
    }
  }

  /// Plays and checks; answers what was found, nothing if all is well.
  package func play() async throws -> [String] {
    log.note("seed \(plan.seed), \(plan.seconds) s, \(plan.isPlainText ? "plain text" : "TLS")")
    await disturb()
    do {
      try await recover()
      try await check()
      if plan.clockLibrary != nil { try TorturePlan.removeClockTraces() }
    } catch {
      log.find("\(error)")
    }
    proxy.stop()
    if !log.findings.isEmpty { keep() }
    return log.findings
  }

  /// What was done, for the summary.
  package var summary: String {
    let counts = log.counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return "\(acknowledged.count) acknowledged changes over \(proxy.connections) connections; \(counts)"
  }

  package var counts: [String: Int] { log.counts }

  // MARK: Acts

  private func disturb() async {
    let end = ContinuousClock.now + .seconds(plan.seconds)
    var troubles = ServerTroubles(
      practice: practice, disk: serverDisk, judge: judge, dice: SeededDice(seed: plan.seed ^ 0x5E))
    let workers = laptops.enumerated().map { number, laptop in
      HomeWorker(
        laptop: laptop, isReviewer: laptop.name.hasPrefix("reviewer"), disk: laptop.name == "reviewer-0" ? homeDisk : nil,
        plan: plan, judge: judge, acknowledged: acknowledged, dice: SeededDice(seed: plan.seed &+ UInt64(number) &* 7_919))
    }
    async let served: Void = troubles.run(until: end)
    await withTaskGroup(of: Void.self) { group in
      for worker in workers {
        group.addTask {
          var worker = worker
          await worker.run(until: end)
        }
      }
    }
    await served
  }

  /// The faults are over: a server with the right time, a network that only carries, disks with room.
  private func recover() async throws {
    log.note("quiet")
    proxy.calm()
    serverDisk?.free()
    homeDisk?.free()
    practice.signalServer(SIGCONT)
    if let ending = try await practice.serverEnding() {
      log.find("the server ended by itself with \(ending.exitCode): \(ending.errors.suffix(1_200))")
    }
    if practice.serverProcess != nil {
      judge.judge(try await practice.stopServer(), "countersignd serve, told to end", allowing: [0])
    }
    try await practice.serve()
    for laptop in laptops { try await drain(laptop) }
  }

  private func drain(_ laptop: Laptop) async throws {
    let deadline = ContinuousClock.now + .seconds(Self.drainSeconds)
    var last = ""
    while ContinuousClock.now < deadline {
      let finished = try await laptop.run(["sync", "--json"], limitSeconds: HomeWorker.syncSeconds)
      judge.judge(finished, "\(laptop.name): sync after the faults")
      last = finished.output + finished.errors
      if finished.exitCode == 0, try finished.json()["unsent"]?.int == 0 { return }
      try await Pause.briefly(milliseconds: 500)
    }
    log.find("\(laptop.name): the outbox has not drained within \(Self.drainSeconds) s: \(last.suffix(600))")
  }

  private func check() async throws {
    for finding in try await Convergence.findings(laptops, practice) { log.find(finding) }
    for laptop in laptops {
      for finding in try await acknowledged.findings(of: laptop) { log.find(finding) }
    }
    judge.judge(try await practice.stopServer(), "countersignd serve, told to end", allowing: [0])
    var ledger = LedgerCheck(data: practice.data)
    for laptop in laptops { ledger.compare(home: laptop.home, of: laptop.name) }
    for finding in ledger.findings { log.find(finding) }
    for folder in [practice.data] + laptops.map(\.home) {
      for finding in StoreCheck.findings(in: folder) { log.find("\(folder): \(finding)") }
    }
  }

  /// Everything stays for whoever looks into it; what lies on a disk in memory is copied beside it.
  private func keep() {
    practice.scratch.keep()
    serverDisk?.unmount(keepingAt: practice.scratch.path + "/server-kept")
    homeDisk?.unmount(keepingAt: practice.scratch.path + "/home-reviewer-0-kept")
    print("torture: kept in \(practice.scratch.path), log in \(log.path)")
  }
}
