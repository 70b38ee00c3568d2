// Markers of what is being decided: durable, cleared by the commit, and counted only by crashes.
import ReviewModel
import Storage
import Testing
import Trust

@Suite(.serverScratchFolder) struct TenantStoreMarkerTests {
  private let first = Sample.digest("first")
  private let second = Sample.digest("second")

  @Test(arguments: TenantStoreKind.allCases)
  func `a commit clears the markers of its entries and of no others`(kind: TenantStoreKind) throws {
    let store = try TenantStoreHarness(kind).store
    let batch = try Sample.batch(after: try store.state(), entries: 1)
    let hash = batch.entries[0].envelope.hash
    try store.mark(deciding: [first, hash])
    try store.mark(deciding: [first])
    #expect(try Set(store.decidingMarkers().map(\.hash)) == [first, hash])
    try store.write(batch)
    #expect(try store.decidingMarkers() == [DecidingMarker(hash: first, crashCount: 0)])
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `each crash while deciding is counted`(kind: TenantStoreKind) throws {
    var harness = try TenantStoreHarness(kind)
    try harness.store.mark(deciding: [first, second])
    try harness.crash()
    #expect(try harness.store.decidingMarkers().map(\.crashCount) == [1, 1])
    try harness.store.mark(deciding: [first])
    try harness.crash()
    let markers = try harness.store.decidingMarkers()
    #expect(markers.map(\.hash) == [first, second].sorted())
    #expect(markers.first { $0.hash == first }?.crashCount == 2)
    #expect(markers.first { $0.hash == second }?.crashCount == 1)
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `a crash while it was not being decided is not held against it`(kind: TenantStoreKind) throws {
    var harness = try TenantStoreHarness(kind)
    try harness.store.mark(deciding: [first])
    for _ in 0..<3 { try harness.crash() }
    #expect(try harness.store.decidingMarkers() == [DecidingMarker(hash: first, crashCount: 1)])
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `an orderly end is no crash, and forgets no crash`(kind: TenantStoreKind) throws {
    var harness = try TenantStoreHarness(kind)
    try harness.store.mark(deciding: [first])
    try harness.crash()
    try harness.store.mark(deciding: [first, second])
    try harness.reopen()
    #expect(try harness.store.decidingMarkers() == [DecidingMarker(hash: first, crashCount: 1)])
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `an envelope that crashed is cleared by its commit too`(kind: TenantStoreKind) throws {
    var harness = try TenantStoreHarness(kind)
    let batch = try Sample.batch(after: try harness.store.state(), entries: 1)
    try harness.store.mark(deciding: [batch.entries[0].envelope.hash])
    try harness.crash()
    try harness.store.write(batch)
    #expect(try harness.store.decidingMarkers().isEmpty)
  }

  @Test func `the memory store fails its writes on demand and changes nothing`() throws {
    let store = MemoryTenantStore(tenant: Sample.tenant, epoch: Sample.epoch)
    let backup = store.backup()
    store.failWrites(with: StorageError(.diskFull, "The disk is full; free some space."))
    #expect(refusal { try store.commit([(Sample.subject(1), .tenant, [1])]) } == .diskFull)
    #expect(refusal { try store.mark(deciding: [first]) } == .diskFull)
    store.failWrites(with: nil)
    try store.commit([(Sample.subject(1), .tenant, [1])])
    #expect(try store.state().seq == 1)
    #expect(try backup.state().seq == 0)
  }
}
