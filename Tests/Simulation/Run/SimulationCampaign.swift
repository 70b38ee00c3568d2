// Many runs at once: threads take one seed after the other. Runs share nothing, so that two of them are as two processes would
// be. What the record calls done is left out, and the record is written on the way, so that a kill loses half a minute.
import Foundation
import Synchronization

package final class SimulationCampaign: Sendable {
  /// A thread of a run needs more than the system's half megabyte: trees and replays recurse.
  static let stackBytes = 16 << 20
  /// How often the record is written, and a line printed.
  package static let progressSeconds = 30.0

  private struct State {
    var next: UInt64?
    var tally: Tally
    var running: Set<UInt64> = []
    var toldSeconds = 0.0
    /// The first reason why a file could not be written.
    var failure: (any Error)?
  }

  private let last: UInt64
  private let kind: RunKind
  private let done: SeedRanges
  private let jobs: Int
  private let seconds: Double?
  private let keepsGoing: Bool
  private let file: String?
  private let progressSeconds: Double
  private let isStopped: @Sendable () -> Bool
  private let state: Mutex<State>
  private let ended = DispatchSemaphore(value: 0)

  /// - Parameters:
  ///   - kind: how the seeds are played, by which the record tells whether they are done.
  ///   - seconds: after so many nothing more is begun.
  ///   - keepsGoing: whether more is begun after a violation.
  ///   - file: where the record is kept, if it is.
  ///   - isStopped: whether somebody wants it to end.
  package init(
    seeds: ClosedRange<UInt64>, kind: RunKind, jobs: Int = 1, seconds: Double? = nil, keepsGoing: Bool = false,
    record: SimulationRecord, file: String?, progressSeconds: Double = SimulationCampaign.progressSeconds,
    isStopped: @escaping @Sendable () -> Bool
  ) {
    last = seeds.upperBound
    self.kind = kind
    done = record.seeds(of: kind)
    self.jobs = jobs
    self.seconds = seconds
    self.keepsGoing = keepsGoing
    self.file = file
    self.progressSeconds = progressSeconds
    self.isStopped = isStopped
    state = Mutex(State(next: seeds.lowerBound, tally: Tally(record: record)))
  }

  /// Runs until the seeds, the time or the patience end. What has begun is finished.
  /// - Throws: the reason why the record could not be kept.
  package func run(
    plan: @escaping @Sendable (UInt64) -> SimulationPlan, sink: (@Sendable (String) -> Void)? = nil
  ) throws -> Tally {
    for _ in 0..<jobs {
      let thread = Thread {
        while let seed = self.take() {
          let report = SimulationRunner.run(plan(seed), sink: sink).report
          self.finished(report)
        }
        self.ended.signal()
      }
      thread.stackSize = Self.stackBytes
      thread.start()
    }
    for _ in 0..<jobs { ended.wait() }
    let (tally, failure) = state.withLock { ($0.tally, $0.failure) }
    if let failure { throw failure }
    if let file {
      try tally.record.write(file)
      try RunningSeeds(beside: file).remove()
    }
    return tally
  }

  private func take() -> UInt64? {
    state.withLock { state in
      let seed = isOver(state) ? nil : state.next.flatMap { done.firstMissing(in: $0...last) }
      if let seed {
        state.next = seed < last ? seed + 1 : nil
        state.running.insert(seed)
      }
      // Before it begins: a trap in the run leaves nothing else that names it.
      if let file { Self.keep(&state) { try RunningSeeds(beside: file).write($0.running.sorted()) } }
      return seed
    }
  }

  private func isOver(_ state: State) -> Bool {
    if isStopped() || state.failure != nil { return true }
    if state.tally.violations > 0, !keepsGoing { return true }
    return seconds.map { state.tally.elapsedSeconds > $0 } ?? false
  }

  private func finished(_ report: SimulationReport) {
    state.withLock { state in
      state.running.remove(report.seed)
      state.tally.add(report, kind: kind)
      let isDue = state.tally.elapsedSeconds - state.toldSeconds >= progressSeconds
      guard isDue || report.violation != nil else { return }
      if let file { Self.keep(&state) { try $0.tally.record.write(file) } }
      guard isDue else { return }
      state.toldSeconds = state.tally.elapsedSeconds
      state.tally.printProgress(seed: report.seed)
    }
  }

  private static func keep(_ state: inout State, _ write: (State) throws -> Void) {
    do {
      try write(state)
    } catch {
      state.failure = state.failure ?? error
    }
  }
}
