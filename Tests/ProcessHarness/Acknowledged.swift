// Which changes a command has acknowledged by printing their ids: each of them must have exactly one outcome in the end.
import Synchronization

package final class Acknowledged: Sendable {
  private let changes = Mutex<[String: Set<String>]>([:])

  package init() {}

  /// Takes the ids out of a command's JSON.
  package func note(_ report: JSONValue, by laptop: Laptop) {
    let ids = report["mutations"]?.array.compactMap(\.string) ?? []
    changes.withLock { $0[laptop.name, default: []].formUnion(ids) }
  }

  package var count: Int { changes.withLock { $0.values.reduce(0) { $0 + $1.count } } }

  /// What is wrong with a person's outcomes, in sentences; nothing if each acknowledged change has one.
  package func findings(of laptop: Laptop) async throws -> [String] {
    let outcomes = try await laptop.json(["outcomes", "--all"]).array.compactMap { $0["mutation"]?.string }
    var findings: [String] = []
    if Set(outcomes).count != outcomes.count { findings.append("\(laptop.name): a change has two outcomes") }
    let missing = changes.withLock { $0[laptop.name] ?? [] }.subtracting(outcomes)
    if !missing.isEmpty { findings.append("\(laptop.name): acknowledged without an outcome: \(missing.sorted().prefix(5))") }
    return findings
  }
}
