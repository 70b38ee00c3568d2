// Many runs at once: threads take one seed after the other. Runs share nothing, so that two of them are as two processes would be.
import Foundation
import SimulationKit
import Synchronization

final class SimulationCampaign: Sendable {
  /// A thread of a run needs more than the system's half megabyte: trees and replays recurse.
  static let stackBytes = 16 << 20
  static let progressSeconds = 30.0

  private struct State {
    var next: UInt64?
    var tally: Tally
    var running = 0
    var toldSeconds = 0.0
  }

  private let last: UInt64
  private let jobs: Int
  private let seconds: Double?
  private let keepsGoing: Bool
  private let file: String?
  private let state: Mutex<State>
  private let done = DispatchSemaphore(value: 0)

  init(
    seeds: ClosedRange<UInt64>, jobs: Int, seconds: Double?, keepsGoing: Bool, record: SimulationRecord, file: String?
  ) {
    last = seeds.upperBound
    self.jobs = jobs
    self.seconds = seconds
    self.keepsGoing = keepsGoing
    self.file = file
    state = Mutex(State(next: seeds.lowerBound, tally: Tally(record: record)))
  }

  /// Runs until the seeds, the time or the patience end. What has begun is finished.
  func run(plan: @escaping @Sendable (UInt64) -> SimulationPlan, sink: (@Sendable (String) -> Void)?) -> Tally {
    for _ in 0..<jobs {
      let thread = Thread {
        while let seed = self.take() {
          let report = SimulationRunner.run(plan(seed), sink: sink).report
          self.finished(report)
        }
        self.done.signal()
      }
      thread.stackSize = Self.stackBytes
      thread.start()
    }
    for _ in 0..<jobs { done.wait() }
    return state.withLock { $0.tally }
  }

  private func take() -> UInt64? {
    state.withLock { state in
      let isOver =
        StopSignal.wasSent || state.tally.violations > 0 && !keepsGoing
        || seconds.map { state.tally.elapsedSeconds > $0 } ?? false
      guard let seed = state.next, !isOver else { return nil }
      state.next = seed < last ? seed + 1 : nil
      // Whatever was begun is finished, so that everything before this has been played when the record is written.
      state.tally.record.nextSeed = max(state.tally.record.nextSeed, seed + 1)
      return seed
    }
  }

  private func finished(_ report: SimulationReport) {
    state.withLock { state in
      state.tally.add(report)
      guard state.tally.elapsedSeconds - state.toldSeconds > Self.progressSeconds else { return }
      state.toldSeconds = state.tally.elapsedSeconds
      state.tally.printProgress(seed: report.seed)
    }
  }
}

/// Of the whole process: a signal's handler can reach nothing else.
private let stopFlag = Atomic<Bool>(false)

/// Ctrl-C: what has begun is finished, and the totals are kept. A second one ends at once.
enum StopSignal {
  static var wasSent: Bool { stopFlag.load(ordering: .relaxed) }

  static func install() {
    signal(SIGINT) { _ in
      if stopFlag.exchange(true, ordering: .relaxed) { _exit(130) }
    }
  }
}
