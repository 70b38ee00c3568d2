// What every cache must do with what the server sends: pages, rows out of turn, departures, grants and repairs.
import ReviewModel
import Storage
import Testing
import Trust

@Suite struct CacheBaseTests {
  static let campaign = Scope.campaign(Given.id(0))
  static let hidden = Scope.campaignInternal(Given.id(0))

  @Test(arguments: StoreFlavour.allCases)
  func `a page counts only if it starts at the cursor`(_ flavour: StoreFlavour) throws {
    try flavour.withCache { cache in
      #expect(try cache.grant([.tenant, Self.campaign, .staging(Given.id(1))]) == [])
      let row = Given.row(Given.subject(1), seq: 5)
      let page = CachedPage(scope: Self.campaign, from: 0, to: 8, rows: [row])
      #expect(try cache.apply(CachedPage(scope: Self.campaign, from: 3, to: 8, rows: [row])) == nil)
      #expect(try cache.apply(CachedPage(scope: Self.hidden, from: 0, to: 8, rows: [row])) == nil)
      #expect(try cache.apply(page) == [row.key])
      #expect(try cache.apply(page) == nil)
      #expect(try cache.scopes() == [CachedScope(scope: Self.campaign, cursor: 8), CachedScope(scope: .tenant, cursor: 0)])
      #expect(try cache.apply(CachedPage(scope: Self.campaign, from: 8, to: 9, rows: [])) == [])
      #expect(try cache.scopes().map(\.cursor) == [9, 0])
      var expected = ScopeDigest()
      expected.add(
        ScopeDigest.itemHash(key: row.key, seq: 5, payload: try #require(row.payload)), leaf: ScopeDigest.leaf(of: row.key))
      #expect(try cache.digest(Self.campaign) == expected)
      #expect(try cache.digest(Self.hidden) == ScopeDigest())
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `only newer rows count, whichever way they come`(_ flavour: StoreFlavour) throws {
    try flavour.withCache { cache in
      _ = try cache.grant([Self.campaign])
      let new = Given.row(Given.subject(1, updatedMilliseconds: 2), seq: 6)
      let old = Given.row(Given.subject(1, updatedMilliseconds: 1), seq: 5)
      let fetched = [ScopedRow(scope: Self.campaign, row: new), ScopedRow(scope: .tenant, row: new)]
      #expect(try cache.apply(fetched: fetched) == [new.key])
      let version = try cache.baseVersion()
      #expect(try cache.apply(CachedPage(scope: Self.campaign, from: 0, to: 5, rows: [old])) == [])
      #expect(try cache.apply(CachedPage(scope: Self.campaign, from: 5, to: 6, rows: [new])) == [])
      #expect(try cache.baseVersion() == version)
      #expect(
        try cache.base([new.key, .tenant(Given.id(9))]) == [
          new.key: StoredEntity(scope: Self.campaign, seq: 6, payload: try #require(new.payload))
        ])
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `a departure from one scope leaves what another holds`(_ flavour: StoreFlavour) throws {
    try flavour.withCache { cache in
      _ = try cache.grant([Self.campaign, Self.hidden])
      let draft = Given.row(Given.subject(1), seq: 5)
      let moved = Given.row(Given.subject(1, updatedMilliseconds: 9), seq: 10)
      let gone = StoredRow(key: draft.key, seq: 11, payload: nil)
      _ = try cache.apply(CachedPage(scope: Self.hidden, from: 0, to: 5, rows: [draft]))
      #expect(try cache.apply(CachedPage(scope: Self.campaign, from: 0, to: 11, rows: [moved])) == [draft.key])
      #expect(try cache.apply(CachedPage(scope: Self.hidden, from: 5, to: 11, rows: [gone])) == [])
      #expect(try cache.base([draft.key])[draft.key]?.seq == 10)
      // What departed does not come back by a late row, and the digest is that of an empty scope.
      #expect(try cache.apply(fetched: [ScopedRow(scope: Self.hidden, row: draft)]) == [])
      #expect(try cache.digest(Self.hidden) == ScopeDigest())
      let end = StoredRow(key: draft.key, seq: 12, payload: nil)
      #expect(try cache.apply(CachedPage(scope: Self.campaign, from: 11, to: 12, rows: [end])) == [draft.key])
      #expect(try cache.base([draft.key]).isEmpty)
      #expect(try Self.dump(cache).isEmpty)
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `a scope that is no longer granted goes with its rows and lines`(_ flavour: StoreFlavour) throws {
    try flavour.withCache { cache in
      let other = Scope.campaign(Given.id(50))
      _ = try cache.grant([Self.campaign, other])
      _ = try cache.apply(CachedPage(scope: Self.campaign, from: 0, to: 5, rows: [Given.row(Given.subject(1), seq: 5)]))
      _ = try cache.apply(
        CachedPage(scope: other, from: 0, to: 6, rows: [Given.row(Given.subject(2, campaign: 50), seq: 6)]))
      try cache.index([Given.id(1): Given.line(1), Given.id(2): Given.line(2)])
      #expect(try cache.grant([Self.campaign, .tenant]) == [other])
      #expect(try cache.scopes().map(\.cursor) == [5, 0])
      #expect(try Self.dump(cache).map(\.scope) == [Self.campaign])
      #expect(try cache.list(SubjectFilter()).map(\.subject) == [Given.id(1)])
      #expect(try cache.grant([Self.campaign, .tenant, other]) == [])
      #expect(try cache.scopes().first { $0.scope == other }?.cursor == 0)
      #expect(try cache.digest(other) == ScopeDigest())
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `a repair makes leaves what the server says and keeps what is newer`(_ flavour: StoreFlavour) throws {
    try flavour.withCache { cache in
      _ = try cache.grant([Self.campaign])
      let rows = (1...4).map { Given.row(Given.subject($0), seq: UInt64($0)) }
      let newer = Given.row(Given.subject(5), seq: 20)
      _ = try cache.apply(CachedPage(scope: Self.campaign, from: 0, to: 20, rows: rows + [newer]))
      let truth = [
        Given.row(Given.subject(1, updatedMilliseconds: 4), seq: 1), rows[1],
        Given.row(Given.subject(6), seq: 7),
      ]
      let leaves = Set(UInt8.min...UInt8.max)
      let changed = try cache.repair(Self.campaign, head: 10, leaves: leaves, rows: truth)
      #expect(changed == Set([rows[0].key, rows[2].key, rows[3].key, truth[2].key]))
      let expected = (truth + [newer]).map { ScopedRow(scope: Self.campaign, row: $0) }.sorted { $0.row.key < $1.row.key }
      #expect(try Self.dump(cache) == expected)
      #expect(try cache.digest(Self.campaign) == Self.digest(of: truth + [newer]))
      #expect(try cache.repair(Self.campaign, head: 10, leaves: [], rows: truth) == [])
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `rows that this version cannot read are kept byte for byte`(_ flavour: StoreFlavour) throws {
    try flavour.withCache { cache in
      _ = try cache.grant([.tenant])
      let odd = StoredRow(key: EntityKey(kind: .decision, id: [1, 2, 3]), seq: .max, payload: [255, 255])
      #expect(try cache.apply(CachedPage(scope: .tenant, from: 0, to: .max, rows: [odd])) == [odd.key])
      #expect(try Self.dump(cache) == [ScopedRow(scope: .tenant, row: odd)])
      #expect(try cache.scopes() == [CachedScope(scope: .tenant, cursor: .max)])
    }
  }

  static func dump(_ cache: any CacheStore) throws -> [ScopedRow] {
    var rows: [ScopedRow] = []
    try cache.allRows { scope, row in rows.append(ScopedRow(scope: scope, row: row)) }
    return rows
  }

  static func digest(of rows: [StoredRow]) -> ScopeDigest {
    var digest = ScopeDigest()
    for row in rows {
      guard let payload = row.payload else { continue }
      digest.add(ScopeDigest.itemHash(key: row.key, seq: row.seq, payload: payload), leaf: ScopeDigest.leaf(of: row.key))
    }
    return digest
  }
}
