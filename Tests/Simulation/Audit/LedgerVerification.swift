// The product's own audit at the end of a run: a ledger of nothing but honest changes must verify, whatever was erased of it.
import Storage
import SyncServer

extension Simulation {
  /// As `countersignd verify` has it: wherever something was erased, and of some of the others.
  func verifyLedger() throws {
    guard !server.ledgerAudit.erasures.isIdle || random.chance(permille: 100) else { return }
    // The older programs of a run are older than any that was ever given to anybody.
    let report = try LedgerVerifier.verify(
      server.store, serverName: context.serverName, nowMilliseconds: server.wallMilliseconds, oldestRules: 0)
    if let problem = report.problems.first { throw Violation(.verifyFails, problem) }
    context.note("plan", "the ledger verifies, \(report.erased) entries with erased words")
  }
}
