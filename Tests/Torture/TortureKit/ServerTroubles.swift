// What happens to the server meanwhile: killed, frozen, restarted, its disk full.
import Foundation
import ProcessHarness

struct ServerTroubles {
  let practice: Practice
  let disk: Disk?
  let judge: CommandJudge
  var dice: SeededDice

  private var log: TortureLog { judge.log }

  mutating func run(until end: ContinuousClock.Instant) async {
    while ContinuousClock.now < end {
      do {
        try await Pause.briefly(milliseconds: 500 + dice.roll(4_000))
        try await noticeEnding()
        try await trouble()
      } catch {
        log.find("the server: \(error)")
      }
    }
  }

  private mutating func trouble() async throws {
    switch dice.roll(6) {
    case 0, 1:
      mention("killed")
      try await practice.killServer()
      try await practice.serve()
    case 2, 3:
      mention("frozen")
      practice.signalServer(SIGSTOP)
      try await Pause.briefly(milliseconds: dice.roll(3_000))
      practice.signalServer(SIGCONT)
    case 4:
      mention("restarted")
      let finished = try await practice.stopServer()
      judge.judge(finished, "countersignd serve, told to end", allowing: [0])
      try await practice.serve()
    default: try await fullDisk()
    }
  }

  private func mention(_ what: String) {
    log.note("server \(what)")
    log.count("server \(what)")
  }

  private mutating func fullDisk() async throws {
    guard let disk else { return }
    disk.fill(leavingBytes: dice.roll(4) * 30_000)
    mention("disk full")
    try await Pause.briefly(milliseconds: 300 + dice.roll(2_500))
    if dice.roll(3) == 0 {
      mention("killed on a full disk")
      try await practice.killServer()
    }
    disk.free()
    if practice.serverProcess == nil { try await practice.serve() }
  }

  /// A server that ends by itself is a finding, whatever the reason, and is started again.
  mutating func noticeEnding() async throws {
    guard let ending = try await practice.serverEnding() else { return }
    log.find("the server ended by itself with \(ending.exitCode): \(ending.errors.suffix(1_200))")
    disk?.free()
    try await practice.serve()
  }
}
