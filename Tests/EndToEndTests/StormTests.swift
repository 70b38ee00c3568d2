// Many people, everybody offline in turn, server and clients killed at random moments: nothing is lost or doubled.
// Small in `make test`; `make storm` plays it in full: 1,000 posts and 5,000 changes.
import Foundation
import ProcessHarness
import Testing

@Suite(.serialized) struct StormTests {
  @Test func `five people, kills at random moments: every acknowledged change has one outcome and all agree`() async throws {
    let isFull = ProcessInfo.processInfo.environment["COUNTERSIGN_STORM"] == "full"
    let size = isFull ? Storm.Size.full : .small
    let storm = try await Storm(size: size)
    try await storm.play()
    try await storm.check()
  }
}

/// One play: who takes part, what was acknowledged.
final class Storm {
  struct Size {
    var posts: Int
    var changes: Int
    static let small = Size(posts: 40, changes: 80)
    static let full = Size(posts: 1_000, changes: 5_000)
  }

  private let size: Size
  private let practice: Practice
  private let editors: [Laptop]
  private let reviewers: [Laptop]
  private var dice: SeededDice
  private let acknowledged = Acknowledged()

  init(size: Size) async throws {
    self.size = size
    let seed = ProcessInfo.processInfo.environment["COUNTERSIGN_SEED"].flatMap(UInt64.init) ?? 20_261_121
    print("storm: \(size.posts) posts, \(size.changes) changes, seed \(seed)")
    dice = SeededDice(seed: seed)
    practice = try await Practice()
    _ = try await practice.enrol("Ada", role: "admin")
    editors = [try await practice.enrol("Edda", role: "editor"), try await practice.enrol("Emil", role: "editor")]
    reviewers = [
      try await practice.enrol("Rosa", role: "reviewer"), try await practice.enrol("Ruth", role: "reviewer"),
      try await practice.enrol("Rolf", role: "reviewer"),
    ]
  }

  func play() async throws {
    let file = try Batch.write(posts: size.posts, in: practice.scratch)
    acknowledged.note(try await editors[0].json(["import", file, "--submit", "--wait=120"], limitSeconds: 300), by: editors[0])
    var made = 0
    while made < size.changes {
      for laptop in editors + reviewers where made < size.changes {
        made += try await turn(of: laptop)
      }
      try await disturbServer()
    }
  }

  /// One person syncs (perhaps killed meanwhile), then works offline for a while.
  private func turn(of laptop: Laptop) async throws -> Int {
    if dice.roll(4) == 0 {
      try await killDuring(try laptop.start(["sync"]), withinMilliseconds: 400)
    } else {
      _ = try await laptop.run(["sync"], limitSeconds: 300)
    }
    let posts = try await laptop.json(["queue", "--all"]).array
    guard !posts.isEmpty else { return 0 }
    let count = 5 + dice.roll(10)
    for _ in 0..<count {
      let post = posts[dice.roll(posts.count)]
      guard let reference = post.reference, let id = post["post"]?.string else { continue }
      let command = reviewers.contains { $0.name == laptop.name } ? Work.review(reference, id, &dice) : Work.edit(id, &dice)
      try await perform(command, by: laptop)
    }
    return count
  }

  /// Runs a change offline; now and then it is killed. What it printed before that is acknowledged.
  private func perform(_ command: [String], by laptop: Laptop) async throws {
    let arguments = command + ["--offline", "--json"]
    if dice.roll(12) == 0 {
      let running = try laptop.start(arguments)
      try await Pause.briefly(milliseconds: dice.roll(60))
      running.killAtOnce()
      if let value = JSONValue(text: try await running.finish(limitSeconds: 120).output) {
        acknowledged.note(value, by: laptop)
      }
      return
    }
    let finished = try await laptop.run(arguments)
    #expect(Work.answers.contains(finished.exitCode), "\(arguments): \(finished.exitCode) \(finished.errors)")
    acknowledged.note(try finished.json(), by: laptop)
  }

  /// Now and then the server dies, sometimes while somebody syncs.
  private func disturbServer() async throws {
    guard dice.roll(2) == 0 else { return }
    let victim = (editors + reviewers)[dice.roll(5)]
    let syncing = try victim.start(["sync"])
    try await Pause.briefly(milliseconds: dice.roll(500))
    try await practice.killServer()
    _ = try await syncing.finish(limitSeconds: 120)
    try await practice.serve()
  }

  private func killDuring(_ running: RunningProgram, withinMilliseconds limit: Int) async throws {
    try await Pause.briefly(milliseconds: dice.roll(limit))
    running.killAtOnce()
    _ = try await running.finish(limitSeconds: 120)
  }

  func check() async throws {
    for laptop in editors + reviewers { _ = try await laptop.json(["sync"], limitSeconds: 600) }
    #expect(try await Convergence.findings(editors + reviewers, practice) == [])
    for laptop in editors + reviewers { #expect(try await acknowledged.findings(of: laptop) == []) }
    print("storm: \(acknowledged.count) acknowledged changes, each with one outcome; five devices equal the server")
    #expect(acknowledged.count > size.changes / 3)
  }
}
