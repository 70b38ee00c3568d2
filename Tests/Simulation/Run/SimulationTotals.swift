// What a run amounted to, and the sum of many.

package struct SimulationTotals: Sendable, Hashable {
  package var virtualMilliseconds: UInt64 = 0
  /// Virtual time while people work: until faults stop, without the time in which everybody is away.
  package var activeMilliseconds: UInt64 = 0
  package var steps: UInt64 = 0
  package var commands = 0
  package var mutations = 0
  package var ledgerEntries: UInt64 = 0
  package var duplicates = 0
  package var sessions = 0
  package var renewals = 0
  package var repairs = 0
  /// How often a fault was to strike; some find nothing that they could do something to.
  package var strikes = 0
  /// Strikes that took effect, by the name of the fault: something was changed at once, or laid for the next opportunity.
  package var faultsByKind: [String: Int] = [:]
  /// How long it took until everything had come to rest; the longest.
  package var settleMilliseconds: UInt64 = 0
  package var rowsSent = 0
  package var bytesSent = 0
  package var pushes = 0

  package init() {}

  /// Strikes that took effect.
  package var faults: Int { faultsByKind.values.reduce(0, +) }

  /// `cut 12, kill_device 9`, by name.
  package var faultsLine: String {
    if faultsByKind.isEmpty { return "none" }
    return faultsByKind.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }

  mutating func tookEffect(_ fault: String) { faultsByKind[fault, default: 0] += 1 }

  package mutating func add(_ other: SimulationTotals) {
    virtualMilliseconds += other.virtualMilliseconds
    activeMilliseconds += other.activeMilliseconds
    steps += other.steps
    commands += other.commands
    mutations += other.mutations
    ledgerEntries += other.ledgerEntries
    duplicates += other.duplicates
    sessions += other.sessions
    renewals += other.renewals
    repairs += other.repairs
    strikes += other.strikes
    faultsByKind.merge(other.faultsByKind, uniquingKeysWith: +)
    settleMilliseconds = max(settleMilliseconds, other.settleMilliseconds)
    rowsSent += other.rowsSent
    bytesSent += other.bytesSent
    pushes += other.pushes
  }
}
