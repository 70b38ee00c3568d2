// Digests that stores keep change by change, against a plain recomputation, and both stores against each other.
import ReviewModel
import SeededInput
import Storage
import Testing
import Trust

@Suite(.serverScratchFolder) struct TenantStoreDigestTests {
  private static let scopes: [Scope] = [.tenant, Sample.campaign, .campaignInternal(Sample.identifier(10))]

  /// Puts, replacements, departures and moves over few keys, so that all of them happen often.
  private func randomWrites(
    _ generator: inout SeededGenerator
  ) -> [(key: EntityKey, scope: Scope, payload: [UInt8]?)] {
    (0..<Int.random(in: 1...25, using: &generator)).map { _ in
      let number = UInt64.random(in: 1...60, using: &generator)
      let key = number < 50 ? Sample.subject(number) : .device(Sample.digest("device \(number)"))
      let scope = Self.scopes[Int.random(in: 0..<3, using: &generator)]
      let byteCount = Int.random(in: 0...40, using: &generator)
      let payload = (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) }
      return (key, scope, Bool.random(using: &generator) || byteCount > 10 ? payload : nil)
    }
  }

  private func expectDigests(_ store: any TenantStore, _ expected: [Scope: [EntityKey: StoredRow]]) throws {
    for scope in Self.scopes {
      let rows = expected[scope, default: [:]].values
      var plain = ScopeDigest()
      for row in rows {
        guard let payload = row.payload else { continue }
        plain.add(
          ScopeDigest.itemHash(key: row.key, seq: row.seq, payload: payload), leaf: SHA256.hash(row.key.id).firstByte)
      }
      let kept = try store.digest(scope)
      #expect(kept.digest == plain)
      #expect(kept.head == rows.map(\.seq).max() ?? 0)
      #expect(ScopeDigest(stored: kept.digest.stored) == plain)
      let page = try store.page(
        PageRequest(
          scope: scope, after: 0, through: .max, byteLimit: .max, rowLimit: .max, includesDepartures: true))
      #expect(page.rows == rows.sorted { $0.seq < $1.seq })
    }
  }

  @Test(arguments: TenantStoreKind.allCases, [1, 2, 3] as [UInt64])
  func `digests equal a plain recomputation after any writes`(kind: TenantStoreKind, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var harness = try TenantStoreHarness(kind)
    var expected: [Scope: [EntityKey: StoredRow]] = [:]
    for round in 0..<20 {
      let batch = try Sample.batch(after: try harness.store.state(), writes: randomWrites(&generator))
      try harness.store.write(batch)
      for write in batch.writes {
        expected[write.scope, default: [:]][write.key] = StoredRow(key: write.key, seq: write.seq, payload: write.payload)
      }
      if round == 7 { try harness.reopen() }
      if round == 13 { try harness.crash() }
      if round % 5 == 4 { try expectDigests(harness.store, expected) }
    }
  }

  @Test(arguments: [4, 5] as [UInt64])
  func `both stores answer alike after the same writes`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let stores = try TenantStoreKind.allCases.map { try TenantStoreHarness($0).store }
    for _ in 0..<15 {
      let batch = try Sample.batch(after: try stores[0].state(), entries: 2, writes: randomWrites(&generator))
      for store in stores { try store.write(batch) }
      let request = PageRequest(
        scope: Self.scopes[Int.random(in: 0..<3, using: &generator)], after: UInt64.random(in: 0...100, using: &generator),
        through: UInt64.random(in: 0...300, using: &generator), byteLimit: Int.random(in: 0...2_000, using: &generator),
        rowLimit: Int.random(in: 0...30, using: &generator), includesDepartures: Bool.random(using: &generator))
      #expect(try stores[0].page(request) == stores[1].page(request))
      let keys = (1...60).map { Sample.subject($0) }
      #expect(try stores[0].load(keys) == stores[1].load(keys))
      #expect(try stores[0].heads(Self.scopes) == stores[1].heads(Self.scopes))
    }
    #expect(try stores[0].entries(from: 0, limit: 99) == stores[1].entries(from: 0, limit: 99))
  }
}
