// What sessions read: pages of a scope with their limits, departures and rest, moves between scopes, rows of a leaf.
import ReviewModel
import Storage
import Testing
import Trust

@Suite(.serverScratchFolder) struct TenantStorePageTests {
  private func request(
    _ scope: Scope = Sample.campaign, after: UInt64 = 0, through: UInt64 = .max, bytes: Int = .max, rows: Int = .max,
    departures: Bool = true
  ) -> PageRequest {
    PageRequest(
      scope: scope, after: after, through: through, byteLimit: bytes, rowLimit: rows, includesDepartures: departures)
  }

  /// Ten subjects, numbers 1 to 10, with payloads of ten bytes.
  private func filledStore(_ kind: TenantStoreKind) throws -> any TenantStore {
    let store = try TenantStoreHarness(kind).store
    try store.commit((1...10).map { (Sample.subject($0), Sample.campaign, [UInt8](repeating: UInt8($0), count: 10)) })
    return store
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `a page holds what is asked for and counts the rest`(kind: TenantStoreKind) throws {
    let store = try filledStore(kind)
    let all = try store.page(request())
    #expect(all.rows.map(\.seq) == Array(1...10) && all.remaining == 0)
    #expect(all.rows.first == StoredRow(key: Sample.subject(1), seq: 1, payload: [UInt8](repeating: 1, count: 10)))
    let three = try store.page(request(rows: 3))
    #expect(three.rows.map(\.seq) == [1, 2, 3] && three.remaining == 7)
    let bounded = try store.page(request(after: 3, through: 8, rows: 2))
    #expect(bounded.rows.map(\.seq) == [4, 5] && bounded.remaining == 3)
    let exact = try store.page(request(after: 8, rows: 2))
    #expect(exact.rows.map(\.seq) == [9, 10] && exact.remaining == 0)
    #expect(try store.page(request(after: 10)) == StoredPage(rows: [], remaining: 0))
    #expect(try store.page(request(after: .max)) == StoredPage(rows: [], remaining: 0))
    #expect(try store.page(request(after: 5, through: 2)) == StoredPage(rows: [], remaining: 0))
    #expect(try store.page(request(.member(.zero))) == StoredPage(rows: [], remaining: 0))
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `a page keeps to its bytes but always holds one row`(kind: TenantStoreKind) throws {
    let store = try filledStore(kind)
    let rowByteCount = 16 + 10 + 16
    let two = try store.page(request(bytes: 3 * rowByteCount - 1))
    #expect(two.rows.count == 2 && two.remaining == 8)
    #expect(try store.page(request(bytes: 3 * rowByteCount)).rows.count == 3)
    for limit in [0, 1, -5] {
      #expect(try store.page(request(after: 4, bytes: limit)).rows.map(\.seq) == [5])
      #expect(try store.page(request(after: 4, rows: limit)).rows.map(\.seq) == [5])
    }
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `a changed entity moves to the end and is there once`(kind: TenantStoreKind) throws {
    let store = try filledStore(kind)
    try store.commit([(Sample.subject(2), Sample.campaign, [22]), (Sample.subject(3), Sample.campaign, nil)])
    let page = try store.page(request())
    #expect(page.rows.map(\.seq) == [1, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    #expect(page.rows.last == StoredRow(key: Sample.subject(3), seq: 12, payload: nil))
    #expect(try store.page(request(after: 2, through: 10)).rows.count == 7)
    #expect(try store.load([Sample.subject(2), Sample.subject(3)]).values.map(\.payload) == [[22]])
    try store.commit([(Sample.subject(3), Sample.campaign, [33])])
    #expect(try store.load([Sample.subject(3)])[Sample.subject(3)]?.seq == 13)
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `a fresh cursor gets no departures and does not count them`(kind: TenantStoreKind) throws {
    let store = try filledStore(kind)
    try store.commit([(Sample.subject(1), Sample.campaign, nil), (Sample.subject(5), Sample.campaign, nil)])
    let with = try store.page(request(rows: 8))
    #expect(with.rows.count == 8 && with.remaining == 2)
    let without = try store.page(request(rows: 4, departures: false))
    #expect(without.rows.map(\.seq) == [2, 3, 4, 6] && without.remaining == 4)
    let rest = try store.page(request(after: 6, departures: false))
    #expect(rest.rows.map(\.seq) == [7, 8, 9, 10] && rest.remaining == 0)
    #expect(try store.heads([Sample.campaign]) == [Sample.campaign: 12])
  }

  @Test(arguments: TenantStoreKind.allCases, [false, true])
  func `a move is a put in one scope and a departure in the other`(kind: TenantStoreKind, departsFirst: Bool) throws {
    let store = try filledStore(kind)
    let put = (key: Sample.subject(4), scope: Sample.otherCampaign, payload: [UInt8]?.some([44]))
    let departure = (key: Sample.subject(4), scope: Sample.campaign, payload: [UInt8]?.none)
    try store.commit(departsFirst ? [departure, put] : [put, departure])
    let moved = StoredEntity(scope: Sample.otherCampaign, seq: departsFirst ? 12 : 11, payload: [44])
    #expect(try store.load([Sample.subject(4)]) == [Sample.subject(4): moved])
    #expect(try store.page(request(Sample.otherCampaign)).rows.map(\.payload) == [[44]])
    #expect(try store.page(request(after: 10)).rows.map(\.payload) == [nil])
    #expect(try store.digest(Sample.campaign).head == (departsFirst ? 11 : 12))
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `entities of a kind come newest first and without departures`(kind: TenantStoreKind) throws {
    let store = try filledStore(kind)
    let pauses = (1...4).map { EntityKey.pause(Sample.identifier($0)) }
    try store.commit(pauses.map { ($0, Sample.campaign, [1]) } + [(pauses[0], .tenant, [2])])
    try store.commit([(pauses[1], Sample.campaign, [3]), (pauses[2], Sample.campaign, nil)])
    #expect(try store.entities(.pause, in: Sample.campaign, limit: 10).map(\.key) == [pauses[1], pauses[3], pauses[0]])
    #expect(try store.entities(.pause, in: Sample.campaign, limit: 1).map(\.seq) == [16])
    #expect(try store.entities(.pause, in: Sample.campaign, limit: -1).isEmpty)
    #expect(try store.entities(.thread, in: Sample.campaign, limit: 10).isEmpty)
    #expect(try store.entities(.pause, in: .member(.zero), limit: 10).isEmpty)
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `campaigns are found in every scope, once, ascending, unless they left`(kind: TenantStoreKind) throws {
    let store = try TenantStoreHarness(kind).store
    let keys = [3, 1, 2].map { EntityKey.campaign(Sample.identifier($0)) }
    try store.commit([(keys[0], Sample.campaign, [3]), (keys[1], .tenant, [1]), (keys[2], .tenant, [2])])
    #expect(try store.campaigns().map(\.payload) == [[1], [2], [3]])
    try store.commit([(keys[1], Sample.otherCampaign, [11]), (keys[1], .tenant, nil), (keys[2], .tenant, nil)])
    #expect(try store.campaigns().map(\.payload) == [[11], [3]])
    #expect(try store.campaigns().map(\.scope) == [Sample.otherCampaign, Sample.campaign])
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `the rows of all leaves are the rows of the scope without departures`(kind: TenantStoreKind) throws {
    let store = try filledStore(kind)
    try store.commit([(Sample.subject(7), Sample.campaign, nil), (Sample.subject(8), .tenant, [1])])
    var rows: [StoredRow] = []
    for leaf in UInt8.min...UInt8.max {
      let found = try store.leafRows(Sample.campaign, leaf: leaf)
      #expect(found.allSatisfy { ScopeDigest.leaf(of: $0.key) == leaf })
      rows += found
    }
    #expect(try rows.sorted { $0.seq < $1.seq } == store.page(request(departures: false)).rows)
    #expect(rows.count == 9)
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `old departures and stages are forgotten, younger ones and heads stay`(kind: TenantStoreKind) throws {
    var harness = try TenantStoreHarness(kind)
    let staging = Scope.staging(.zero)
    let stages = (0..<3).map { EntityKey.stage(.zero, index: UInt16($0)) }
    try harness.store.commit(stages.map { ($0, staging, [1, 2, 3]) })
    try harness.store.commit([(Sample.subject(1), Sample.campaign, [7]), (Sample.subject(2), Sample.campaign, [8])])
    try harness.store.commit([(Sample.subject(1), Sample.campaign, nil), (Sample.subject(2), Sample.campaign, nil)])
    try harness.store.discard(StoreDiscard(departuresThrough: 6, stagesThrough: 2))
    #expect(try harness.store.page(request()).rows.map(\.seq) == [7])
    #expect(try harness.store.page(request(staging)).rows.map(\.key) == [stages[2]])
    var expected = ScopeDigest()
    expected.add(ScopeDigest.itemHash(key: stages[2], seq: 3, payload: [1, 2, 3]), leaf: ScopeDigest.leaf(of: stages[2]))
    #expect(try harness.store.digest(staging).digest == expected)
    #expect(try harness.store.heads([staging, Sample.campaign]) == [staging: 3, Sample.campaign: 7])
    try harness.reopen()
    #expect(try harness.store.load(stages).keys.sorted() == [stages[2]])
  }
}
