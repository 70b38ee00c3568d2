// What the operator may know of the server in numbers. Never content, names or keys.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Synchronization

package final class ServerMetrics: Sendable {
  private struct Numbers {
    var connections = 0
    var connectionsTotal: UInt64 = 0
    var envelopesTotal: UInt64 = 0
    var repairsTotal: UInt64 = 0
    var enrolmentsTotal: UInt64 = 0
    var oldCopiesTotal: UInt64 = 0
    var refusals: [String: UInt64] = [:]
    var goodbyes: [String: UInt64] = [:]
    var batchSizes = Histogram(bounds: [1, 2, 5, 10, 20, 50, 100, 200, 500])
    var commitMilliseconds = Histogram(bounds: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000])
  }

  private let numbers = Mutex(Numbers())

  package init() {}

  func connectionOpened() {
    numbers.withLock {
      $0.connections += 1
      $0.connectionsTotal += 1
    }
  }

  func connectionClosed() { numbers.withLock { $0.connections -= 1 } }

  func saidGoodbye(_ code: GoodbyeCode) { numbers.withLock { $0.goodbyes["\(code)", default: 0] += 1 } }

  func repairAsked() { numbers.withLock { $0.repairsTotal += 1 } }

  func enrolled() { numbers.withLock { $0.enrolmentsTotal += 1 } }

  func stoppedWriting() { numbers.withLock { $0.oldCopiesTotal += 1 } }

  func committed(_ group: CommittedGroup) {
    var refused: [String] = []
    for case .answered(let answer) in group.results where answer.isNew {
      refused += answer.outcome.targets.compactMap { $0.code?.name }
    }
    let codes = refused
    numbers.withLock { numbers in
      numbers.envelopesTotal += UInt64(group.batch.entries.count)
      numbers.batchSizes.observe(UInt64(group.batch.entries.count))
      numbers.commitMilliseconds.observe(group.elapsedMilliseconds)
      for code in codes { numbers.refusals[code, default: 0] += 1 }
    }
  }

  /// Everything in the Prometheus text format; `heads` are the sizes of the ledgers of open tenants.
  package func text(heads: [TenantID: UInt64]) -> String {
    let numbers = numbers.withLock { $0 }
    var page = MetricsPage()
    page.add("countersign_connections", "gauge", "Open connections.", [([:], UInt64(max(0, numbers.connections)))])
    page.add("countersign_connections_total", "counter", "Connections since the start.", [([:], numbers.connectionsTotal)])
    page.add("countersign_envelopes_total", "counter", "Envelopes decided since the start.", [([:], numbers.envelopesTotal)])
    page.add("countersign_enrolments_total", "counter", "Devices enrolled since the start.", [([:], numbers.enrolmentsTotal)])
    page.add(
      "countersign_old_copies_total", "counter", "Tenants found to be an old copy, which are not written to.",
      [([:], numbers.oldCopiesTotal)])
    page.add(
      "countersign_digest_repairs_total", "counter", "Scopes repaired because a digest differed.", [([:], numbers.repairsTotal)]
    )
    page.add("countersign_refusals_total", "counter", "Targets refused, by code.", labelled("code", numbers.refusals))
    page.add(
      "countersign_goodbyes_total", "counter", "Sessions ended by the server, by code.", labelled("code", numbers.goodbyes))
    page.add(
      "countersign_ledger_size", "gauge", "Ledger entries of each open tenant.",
      heads.sorted { $0.key < $1.key }.map { (["tenant": $0.key.hex], $0.value) })
    page.add("countersign_commit_entries", "Envelopes decided in one commit.", numbers.batchSizes)
    page.add(
      "countersign_commit_milliseconds", "From the start of deciding a group to its answers.", numbers.commitMilliseconds)
    return page.text
  }

  private func labelled(_ name: String, _ values: [String: UInt64]) -> [([String: String], UInt64)] {
    values.sorted { $0.key < $1.key }.map { ([name: $0.key], $0.value) }
  }
}
