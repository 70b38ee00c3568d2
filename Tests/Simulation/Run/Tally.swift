// What many runs amounted to, and how fast they went.

package struct Tally: Sendable {
  private let began = ContinuousClock.now
  private var totals = SimulationTotals()
  private var runs = 0
  package private(set) var violations = 0
  package private(set) var record: SimulationRecord
  private let secondsBefore: Double

  init(record: SimulationRecord) {
    self.record = record
    secondsBefore = record.seconds
  }

  var elapsedSeconds: Double {
    let elapsed = ContinuousClock.now - began
    return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
  }

  mutating func add(_ report: SimulationReport, kind: RunKind) {
    runs += 1
    totals.add(report.totals)
    record.add(report, kind: kind)
    record.seconds = secondsBefore + elapsedSeconds
    guard let violation = report.violation else { return }
    violations += 1
    print("VIOLATION seed \(report.seed) at \(report.virtualMoment), step \(report.totals.steps): \(violation)")
    print("  replay: \(report.replayLine)")
  }

  func printProgress(seed: UInt64) {
    print("… seed \(seed): \(runs) runs in \(Int(elapsedSeconds)) s, \(rate(Double(runs))) a second, violations \(violations)")
  }

  package func printSummary() {
    print("runs           \(runs), violations \(violations)")
    print("virtual time   \(Self.days(totals.virtualMilliseconds)), \(Self.days(totals.activeMilliseconds)) of them with work")
    print("changes        \(totals.mutations) in \(totals.commands) commands; ledger entries \(totals.ledgerEntries)")
    print("faults         \(totals.faults) of \(totals.strikes) strikes took effect: \(totals.faultsLine)")
    print("sessions       \(totals.sessions); new identities \(totals.renewals)")
    print("repeats        \(totals.duplicates) changes decided once and answered again; repairs \(totals.repairs)")
    print("settled        after \(totals.settleMilliseconds / 1_000) s of virtual time at the latest")
    print("sent           \(totals.rowsSent) rows in \(totals.bytesSent) bytes of changes; \(totals.pushes) pushes")
    print(
      "in             \(Int(elapsedSeconds)) s: \(rate(Double(runs))) runs/s, \(rate(Double(totals.steps))) steps/s, "
        + "\(rate(Double(totals.mutations))) changes/s")
  }

  private static func days(_ milliseconds: UInt64) -> String {
    "\(milliseconds / 86_400_000) days \(milliseconds / 3_600_000 % 24) hours"
  }

  private func rate(_ count: Double) -> String {
    let tenths = Int(10 * count / max(elapsedSeconds, 0.001))
    return tenths < 1_000 ? "\(tenths / 10).\(tenths % 10)" : "\(tenths / 10)"
  }
}
