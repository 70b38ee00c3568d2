// Tells on standard error how far a sync is: a bar on a terminal, else a plain line a second at most.
import ClientCore
import Synchronization

/// A progress display for one sync.
final class ProgressMeter: Sendable {
  private static let barCells = 20
  private static let redrawMilliseconds: Int64 = 100
  private static let lineMilliseconds: Int64 = 1_000

  private struct State {
    var began: Instant?
    var shown: Instant?
    var phase = ""
    var isDrawn = false
  }

  private let shell: Shell
  private let state = Mutex(State())

  init(shell: Shell) { self.shell = shell }

  func show(_ progress: SyncProgress) {
    let now = shell.now()
    state.withLock { state in
      let began = state.began ?? now
      state.began = began
      let interval = shell.terminal.isError ? Self.redrawMilliseconds : Self.lineMilliseconds
      // Where nobody looks, what is over within a second is not worth a line.
      let last = state.shown ?? (shell.terminal.isError ? nil : began)
      let isDue = last.map { now.milliseconds - $0.milliseconds >= interval } ?? true
      let isNewPhase = shell.terminal.isError && state.phase != progress.phase
      guard isDue || isNewPhase, progress.phase != "done" else { return }
      state.phase = progress.phase
      state.shown = now
      state.isDrawn = true
      draw(Self.text(progress, elapsedMilliseconds: now.milliseconds - began.milliseconds))
    }
  }

  /// Takes the bar away again.
  func finish() {
    state.withLock { state in
      if state.isDrawn && shell.terminal.isError { shell.errors.write("\r\u{1B}[K") }
      state.isDrawn = false
    }
    shell.errors.flush()
  }

  private func draw(_ text: String) {
    if shell.terminal.isError && shell.variable("TERM") != "dumb" {
      shell.errors.write("\r" + DisplayWidth.truncated(text, to: shell.terminal.columns - 1) + "\u{1B}[K")
    } else {
      shell.errors.line(text)
    }
    shell.errors.flush()
  }

  /// `receiving ██████░░░░ 1200 of 4000 · 950 a second · 3 s left`.
  static func text(_ progress: SyncProgress, elapsedMilliseconds: Int64) -> String {
    let isSending = progress.phase == "sending"
    let done = isSending ? progress.mutationsSent : progress.rowsReceived
    let remaining = isSending ? progress.mutationsRemaining : progress.rowsRemaining
    // What remains is a stranger's word: no number of it may do harm.
    let (sum, isOver) = done.addingReportingOverflow(remaining)
    let total = isOver ? UInt64.max : sum
    guard total > 0 else { return progress.phase }
    var parts = ["\(progress.phase) \(bar(done: done, total: total)) \(done) of \(total) \(isSending ? "changes" : "rows")"]
    if elapsedMilliseconds >= 1_000, done > 0 {
      let rate = Double(done) * 1_000 / Double(elapsedMilliseconds)
      parts.append("\(whole(rate.rounded())) a second")
      if remaining > 0 { parts.append("\(whole((Double(remaining) / rate).rounded(.up))) s left") }
    }
    return parts.joined(separator: " · ")
  }

  /// A number that is not negative, at most the largest there is.
  private static func whole(_ value: Double) -> Int { value < Double(Int.max) ? Int(value) : Int.max }

  private static func bar(done: UInt64, total: UInt64) -> String {
    let cells = min(barCells, whole((Double(done) / Double(total) * Double(barCells)).rounded(.down)))
    return String(repeating: "█", count: cells) + String(repeating: "░", count: barCells - cells)
  }
}
