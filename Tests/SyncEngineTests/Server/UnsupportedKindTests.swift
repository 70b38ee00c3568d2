// A kind of mutation that an older server does not know: refused, and decided once by a newer one under the same mutation id.
import ReviewModel
import ReviewRules
import Storage
import SyncProtocol
import Testing
import Trust

@testable import SyncEngine

@Suite struct UnsupportedKindTests {
  /// A server from before campaigns could be created.
  private static func older() -> RulesEdition {
    var edition = RulesEdition()
    edition.version = Rules.version - 1
    edition.unknownKinds = [11]
    return edition
  }

  @Test func `a newer server decides once what an older one did not know`() throws {
    var bench = try LedgerBench()
    let id: MutationID = try identifier(77)
    let (mutation, parts) = LedgerBench.campaign(try identifier(9))
    #expect(mutation.fieldNumber == 11)
    func offer(_ bench: inout LedgerBench) throws -> SubmissionResult {
      try bench.commit([bench.admin.verified(bench.admin.sign(mutation, parts: parts, mutationID: id))])[0]
    }
    bench.committer.edition = Self.older()
    let refused = try offer(&bench)
    let still = try offer(&bench)
    #expect(refused.outcome?.code == .unsupported && refused.outcome?.duplicateOf == nil)
    #expect(still.outcome?.code == .unsupported && still.outcome?.duplicateOf == refused.answer?.answered.ledgerIndex)
    bench.committer.edition = RulesEdition()
    let decided = try offer(&bench)
    let again = try offer(&bench)
    #expect(decided.outcome?.status == .applied && decided.outcome?.duplicateOf == nil)
    #expect(again.outcome?.status == .applied && again.outcome?.duplicateOf == decided.answer?.answered.ledgerIndex)
  }

  @Test func `twice in one group is decided once`() throws {
    var bench = try LedgerBench()
    let id: MutationID = try identifier(77)
    let (mutation, parts) = LedgerBench.campaign(try identifier(9))
    bench.committer.edition = Self.older()
    try bench.commit([bench.admin.verified(bench.admin.sign(mutation, parts: parts, mutationID: id))])
    bench.committer.edition = RulesEdition()
    let group = try (0..<2).map { _ in
      try bench.admin.verified(bench.admin.sign(mutation, parts: parts, mutationID: id))
    }
    let results = try bench.commit(group)
    #expect(results[0].outcome?.status == .applied && results[0].outcome?.duplicateOf == nil)
    #expect(results[1].outcome?.duplicateOf == results[0].answer?.answered.ledgerIndex)
  }

  @Test func `another body under the id of what was not known is still refused`() throws {
    var bench = try LedgerBench()
    let id: MutationID = try identifier(77)
    let (one, parts) = LedgerBench.campaign(try identifier(9))
    let (two, _) = LedgerBench.campaign(try identifier(8))
    bench.committer.edition = Self.older()
    try bench.commit([bench.admin.verified(bench.admin.sign(one, parts: parts, mutationID: id))])
    bench.committer.edition = RulesEdition()
    let other = try bench.commit([bench.admin.verified(bench.admin.sign(two, parts: parts, mutationID: id))])[0]
    #expect(other.outcome?.code == .idReused)
    let own = try bench.commit([bench.admin.verified(bench.admin.sign(one, parts: parts, mutationID: id))])[0]
    #expect(own.outcome?.status == .applied && own.outcome?.duplicateOf == nil)
  }

  @Test func `what a group makes of an id does not depend on what else is in it`() throws {
    var bench = try LedgerBench()
    let id: MutationID = try identifier(77)
    let (one, parts) = LedgerBench.campaign(try identifier(9))
    let (two, _) = LedgerBench.campaign(try identifier(8))
    bench.committer.edition = Self.older()
    try bench.commit([bench.admin.verified(bench.admin.sign(one, parts: parts, mutationID: id))])
    bench.committer.edition = RulesEdition()
    let bodies = [two, one, two, one]
    let group = try bodies.map { try bench.admin.verified(bench.admin.sign($0, parts: parts, mutationID: id)) }
    let outcomes = try bench.commit(group).compactMap(\.outcome)
    #expect(outcomes.map(\.code) == [.idReused, nil, .idReused, nil])
    let decided = try #require(try bench.store.entry(mutation: id)?.index)
    #expect(outcomes.map(\.duplicateOf) == [nil, nil, nil, decided])
  }

  @Test func `repeats in one group name the stored entry`() throws {
    var bench = try LedgerBench()
    let id: MutationID = try identifier(77)
    let (mutation, parts) = LedgerBench.campaign(try identifier(9))
    let first = try bench.commit([bench.admin.verified(bench.admin.sign(mutation, parts: parts, mutationID: id))])[0]
    let group = try (0..<3).map { _ in try bench.admin.verified(bench.admin.sign(mutation, parts: parts, mutationID: id)) }
    let repeats = try bench.commit(group).map { $0.outcome?.duplicateOf }
    #expect(repeats == Array(repeating: first.answer?.answered.ledgerIndex, count: 3))
  }
}
