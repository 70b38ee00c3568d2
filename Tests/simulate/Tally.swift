// What many runs amounted to, and how fast they went.
import SimulationKit

struct Tally {
  private let began = ContinuousClock.now
  private var totals = SimulationTotals()
  private var runs = 0
  private(set) var violations = 0

  var elapsedSeconds: Double {
    let elapsed = ContinuousClock.now - began
    return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
  }

  mutating func add(_ report: SimulationReport) {
    runs += 1
    totals.add(report.totals)
    guard let violation = report.violation else { return }
    violations += 1
    print("VIOLATION seed \(report.seed) at \(report.virtualMoment): \(violation)")
    print("  replay: \(report.replayLine)")
  }

  func printSummary() {
    func rate(_ count: Double) -> String { String(Int(count / max(elapsedSeconds, 0.001))) }
    print("runs           \(runs), violations \(violations)")
    print("virtual time   \(totals.virtualMilliseconds / 86_400_000) days \(totals.virtualMilliseconds / 3_600_000 % 24) hours")
    print("changes        \(totals.mutations) in \(totals.commands) commands; ledger entries \(totals.ledgerEntries)")
    print("faults         \(totals.faults); sessions \(totals.sessions); new identities \(totals.renewals)")
    print("repeats        \(totals.duplicates) changes decided once and answered again; repairs \(totals.repairs)")
    print(
      "in             \(Int(elapsedSeconds)) s: \(rate(Double(totals.steps))) steps/s, \(rate(Double(totals.mutations))) changes/s"
    )
  }
}
