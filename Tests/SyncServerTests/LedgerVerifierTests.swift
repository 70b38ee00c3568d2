// What countersignd verify finds: nothing in a sound tenant, and everything that was tampered with.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Testing
import Trust

@testable import SyncServer

@Suite(.timeLimit(.minutes(5))) struct LedgerVerifierTests {
  /// A tenant with work in it, closed.
  private func workedTenant() async throws -> (ServerBench, TenantRecord) {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    var editor = try await bench.enrol(tenant, [.admin, .editor])
    let campaign: CampaignID = try TestDevice.identifier()
    let (client, _) = try await bench.session(editor)
    var envelopes = [try editor.campaign(campaign)]
    for _ in 0..<10 { envelopes.append(try editor.item(in: campaign, post: try TestDevice.identifier())) }
    // One that is refused is in the ledger too.
    envelopes.append(try editor.item(in: try TestDevice.identifier(), post: try TestDevice.identifier()))
    try await client.push(envelopes)
    #expect(try await client.outcomes().answers.count == 12)
    await client.close()
    await bench.host.closeAll()
    return (bench, tenant)
  }

  @Test func `a sound tenant has no problems, and its root is that of its checkpoint`() async throws {
    let (bench, tenant) = try await workedTenant()
    let store = try bench.shelf.open(tenant.id)
    let report = try LedgerVerifier.verify(store, serverName: bench.identity.name, nowMilliseconds: 0)
    #expect(report.problems == [])
    #expect(report.size == 15)
    #expect(try report.root == StoredProof.root(size: 15, source: StoreNodeSource(store: store)))
  }

  @Test func `a changed entity is found`() async throws {
    let (bench, tenant) = try await workedTenant()
    let store = try bench.shelf.open(tenant.id)
    let state = try store.state()
    let row = try #require(try store.load([.tenant(tenant.id)])[.tenant(tenant.id)])
    var entity = try TenantEntity(tolerating: row.payload)
    entity.name = "Elsewhere"
    var next = state
    next.seq += 1
    var batch = CommitBatch(expected: state, next: next)
    batch.writes = [EntityWrite(key: .tenant(tenant.id), seq: next.seq, scope: .tenant, payload: entity.encoded())]
    try store.write(batch)
    let report = try LedgerVerifier.verify(store, serverName: bench.identity.name, nowMilliseconds: 0)
    #expect(report.problems.count == 1 && report.problems.first?.contains("tenant/") == true)
  }

  @Test func `a forged entry is found`() async throws {
    let (bench, tenant) = try await workedTenant()
    let store = try bench.shelf.open(tenant.id)
    let state = try store.state()
    var entry = try #require(try store.entry(index: 14))
    var record = try LeafRecord(canonical: entry.leafRecord)
    record.outcome = .applied()
    entry.index = 15
    entry.number += 1
    entry.leafRecord = record.encoded()
    entry.leafHash = MerkleHash.leaf(entry.leafRecord)
    var frontier = try MerkleFrontier(size: 15, source: StoreNodeSource(store: store))
    var next = state
    next.ledgerSize = 16
    var batch = CommitBatch(expected: state, next: next)
    batch.merkleNodes = frontier.append(entry.leafHash)
    batch.entries = [entry]
    try store.write(batch)
    let report = try LedgerVerifier.verify(store, serverName: bench.identity.name, nowMilliseconds: 0)
    #expect(!report.problems.isEmpty)
    #expect(report.problems.contains { $0.hasPrefix("entry 15") })
  }

  @Test func `another server's name makes other histories, not other ledgers`() async throws {
    let (bench, tenant) = try await workedTenant()
    let store = try bench.shelf.open(tenant.id)
    // No device had seen a checkpoint when it signed, so nothing in these entries depends on the origin.
    #expect(try LedgerVerifier.verify(store, serverName: "another", nowMilliseconds: 0).problems.isEmpty)
  }
}
