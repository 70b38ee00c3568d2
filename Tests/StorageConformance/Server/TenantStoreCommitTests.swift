// What one commit writes can be read back, also after closing, and a commit that does not fit changes nothing.
import ReviewModel
import Storage
import Testing
import Trust

@Suite(.serverScratchFolder) struct TenantStoreCommitTests {
  /// One batch with something of everything.
  private func fullBatch(after state: TenantState) throws -> CommitBatch {
    var batch = try Sample.batch(
      after: state, entries: 3,
      writes: [
        (Sample.subject(1), Sample.campaign, [1, 2, 3]), (Sample.subject(2), .tenant, []),
        (.campaign(Sample.identifier(30)), .tenant, [9]),
      ])
    batch.parts = [Part.text("why not", kind: .reason, salt: [UInt8](repeating: 7, count: 32))]
    batch.merkleNodes = [
      MerkleNode(level: 0, index: 0, hash: Sample.digest("0/0")), MerkleNode(level: 1, index: 0, hash: .zero),
    ]
    batch.lanes = [Sample.digest("device"): [1: LanePosition(number: 3, hash: Sample.digest("third"))]]
    batch.touches = [Sample.subject(1): 2, .tenant(Sample.tenant): 1]
    return batch
  }

  private func expectFullBatch(_ batch: CommitBatch, in store: any TenantStore) throws {
    #expect(try store.state() == batch.next)
    #expect(try store.entries(from: 0, limit: 10) == batch.entries)
    #expect(try store.entries(from: 1, limit: 1) == [batch.entries[1]])
    #expect(try store.entry(index: 2) == batch.entries[2])
    #expect(try store.entry(device: Sample.digest("device"), lane: 1, number: 2) == batch.entries[1])
    #expect(try store.entry(mutation: batch.entries[0].mutationID) == batch.entries[0])
    let loaded = try store.load([Sample.subject(1), Sample.subject(2), Sample.subject(1), Sample.subject(99)])
    #expect(
      loaded == [
        Sample.subject(1): StoredEntity(scope: Sample.campaign, seq: 1, payload: [1, 2, 3]),
        Sample.subject(2): StoredEntity(scope: .tenant, seq: 2, payload: []),
      ])
    #expect(try store.campaigns() == [StoredEntity(scope: .tenant, seq: 3, payload: [9])])
    let part = try #require(batch.parts.first)
    #expect(try store.parts([part.digest, .zero]) == [part.digest: part])
    #expect(try store.merkleNode(level: 0, index: 0) == Sample.digest("0/0"))
    #expect(try store.lanes(of: Sample.digest("device")) == [1: LanePosition(number: 3, hash: Sample.digest("third"))])
    #expect(try store.lastTouches([Sample.subject(1), Sample.subject(5)]) == [Sample.subject(1): 2])
    #expect(
      try store.heads([.tenant, Sample.campaign, .member(.zero)]) == [.tenant: 3, Sample.campaign: 1, .member(.zero): 0])
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `a new store is empty and knows its tenant and epoch`(kind: TenantStoreKind) throws {
    let store = try TenantStoreHarness(kind).store
    #expect(try store.state() == TenantState(seq: 0, ledgerSize: 0, tenant: Sample.tenant, epoch: Sample.epoch))
    #expect(try store.entries(from: 0, limit: 10).isEmpty)
    #expect(try store.campaigns().isEmpty)
    let digest = try store.digest(.tenant)
    #expect(digest.head == 0 && digest.digest == ScopeDigest())
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `what a commit wrote is read back, after reopening and after a crash too`(kind: TenantStoreKind) throws {
    var harness = try TenantStoreHarness(kind)
    let batch = try fullBatch(after: try harness.store.state())
    try harness.store.write(batch)
    try expectFullBatch(batch, in: harness.store)
    try harness.reopen()
    try expectFullBatch(batch, in: harness.store)
    try harness.crash()
    try expectFullBatch(batch, in: harness.store)
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `a mutation's entry is the first, or the first later one if that did not know its kind`(kind: TenantStoreKind) throws {
    let store = try TenantStoreHarness(kind).store
    func record(_ outcome: Outcome) -> [UInt8] {
      var record = LeafRecord()
      record.outcome = outcome
      return record.encoded()
    }
    let outcomes: [Outcome] = [.rejected(.unsupported), .rejected(.idReused), .rejected(.unsupported), .applied(), .applied()]
    var batch = try Sample.batch(after: try store.state(), entries: outcomes.count)
    for (index, outcome) in outcomes.enumerated() {
      batch.entries[index].mutationID = Sample.identifier(70)
      batch.entries[index].bodyDigest = Sample.digest(index == 1 ? "another body" : "body")
      batch.entries[index].leafRecord = record(outcome)
    }
    try store.write(batch)
    #expect(try store.entry(mutation: Sample.identifier(70))?.index == 3)
    var first = try Sample.batch(after: try store.state(), entries: 2)
    for index in 0..<2 {
      first.entries[index].mutationID = Sample.identifier(71)
      first.entries[index].leafRecord = record(index == 0 ? .rejected(.notFound) : .applied())
    }
    try store.write(first)
    #expect(try store.entry(mutation: Sample.identifier(71))?.index == 5)
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `a commit from another head is refused and changes nothing`(kind: TenantStoreKind) throws {
    let store = try TenantStoreHarness(kind).store
    let first = try store.state()
    try store.write(try fullBatch(after: first))
    let after = try store.state()
    #expect(refusal { try store.write(CommitBatch(expected: first, next: first)) } == .headMoved)
    var elsewhere = after
    elsewhere.epoch = Sample.identifier(3)
    #expect(refusal { try store.write(CommitBatch(expected: elsewhere, next: elsewhere)) } == .headMoved)
    #expect(try store.state() == after)
    #expect(try store.entries(from: 0, limit: 10).count == 3)
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `a restore moves the epoch`(kind: TenantStoreKind) throws {
    var harness = try TenantStoreHarness(kind)
    var batch = try Sample.batch(after: try harness.store.state(), entries: 1)
    batch.next.epoch = Sample.identifier(77)
    try harness.store.write(batch)
    try harness.reopen()
    #expect(try harness.store.state().epoch == Sample.identifier(77))
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `a batch that contradicts itself is refused and changes nothing`(kind: TenantStoreKind) throws {
    let store = try TenantStoreHarness(kind).store
    let start = try store.state()
    let good = try fullBatch(after: start)
    let spoilings: [(inout CommitBatch) -> Void] = [
      { $0.next.ledgerSize += 1 }, { $0.entries[1].index = 7 }, { $0.entries.removeLast() }, { $0.writes[2].seq = 2 },
      { $0.writes[0].seq = 0 }, { $0.next.seq = 2 }, { $0.next.seq = .max }, { $0.next.tenant = Sample.identifier(9) },
      { $0.entries[0].number = .max }, { $0.entries[2].number = 1 }, { $0.merkleNodes.append($0.merkleNodes[0]) },
    ]
    for spoil in spoilings {
      var bad = good
      spoil(&bad)
      #expect(refusal { try store.write(bad) } == .conflict)
      #expect(try store.state() == start)
    }
    #expect(try store.load([Sample.subject(1)]).isEmpty)
    #expect(try store.parts(good.parts.map(\.digest)).isEmpty)
    try store.write(good)
    try expectFullBatch(good, in: store)
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `a repeated mutation id finds the first entry`(kind: TenantStoreKind) throws {
    let store = try TenantStoreHarness(kind).store
    var batch = try Sample.batch(after: try store.state(), entries: 3)
    for index in 0..<3 { batch.entries[index].mutationID = Sample.identifier(5) }
    try store.write(batch)
    #expect(try store.entry(mutation: Sample.identifier(5))?.index == 0)
    #expect(try store.entry(mutation: Sample.identifier(6)) == nil)
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `numbers beyond everything stored find nothing and break nothing`(kind: TenantStoreKind) throws {
    let store = try TenantStoreHarness(kind).store
    try store.write(try fullBatch(after: try store.state()))
    #expect(try store.entry(index: .max) == nil)
    #expect(try store.entries(from: .max, limit: .max).isEmpty)
    #expect(try store.entries(from: 0, limit: -1).isEmpty)
    #expect(try store.entries(from: 1, limit: .max).count == 2)
    #expect(try store.entry(device: Sample.digest("device"), lane: .max, number: .max) == nil)
    #expect(refusal { _ = try store.merkleNode(level: 63, index: .max) } == .notFound)
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `lanes and touches move on, each for itself`(kind: TenantStoreKind) throws {
    let store = try TenantStoreHarness(kind).store
    var batch = try Sample.batch(after: try store.state())
    batch.lanes = [Sample.digest("a"): [0: LanePosition(number: 1, hash: .zero), 1: LanePosition(number: 5, hash: .zero)]]
    batch.touches = [Sample.subject(1): 4, Sample.subject(2): 5]
    try store.write(batch)
    batch.lanes = [Sample.digest("a"): [1: LanePosition(number: 6, hash: Sample.digest("6"))], Sample.digest("b"): [:]]
    batch.touches = [Sample.subject(2): 9]
    try store.write(batch)
    #expect(
      try store.lanes(of: Sample.digest("a")) == [
        0: LanePosition(number: 1, hash: .zero), 1: LanePosition(number: 6, hash: Sample.digest("6")),
      ])
    #expect(try store.lanes(of: Sample.digest("b")).isEmpty)
    #expect(try store.lastTouches([Sample.subject(1), Sample.subject(2)]) == [Sample.subject(1): 4, Sample.subject(2): 9])
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `a part that comes twice is kept once`(kind: TenantStoreKind) throws {
    let store = try TenantStoreHarness(kind).store
    let part = Part.text("the same", kind: .comment, salt: [UInt8](repeating: 1, count: 32))
    var batch = try Sample.batch(after: try store.state())
    batch.parts = [part, part]
    try store.write(batch)
    try store.write(batch)
    #expect(try store.parts([part.digest]) == [part.digest: part])
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `a store closes twice, and is of no use afterwards`(kind: TenantStoreKind) throws {
    let store = try TenantStoreHarness(kind).store
    let state = try store.state()
    try store.close()
    try store.close()
    #expect(refusal { _ = try store.state() } == .closed)
    #expect(refusal { try store.mark(deciding: [.zero]) } == .closed)
    #expect(refusal { try store.write(CommitBatch(expected: state, next: state)) } == .closed)
  }
}
