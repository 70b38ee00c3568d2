// Readers on other threads while commits go on: each read is of one commit, never of half of one.
import ReviewModel
import Storage
import Testing
import Trust

@Suite(.serverScratchFolder) struct TenantStoreConcurrencyTests {
  private static let commitCount: UInt64 = 60

  /// Each commit writes the same subject into two scopes, so that their heads are always neighbours.
  private static func write(_ store: any TenantStore) async throws {
    for round in 1...commitCount {
      await Task.yield()
      let payload = [UInt8](repeating: UInt8(round), count: 500)
      try store.commit([(Sample.subject(round), Sample.campaign, payload), (Sample.subject(1), .tenant, payload)])
    }
  }

  /// Reads again and again; every answer must be of one moment.
  private static func read(_ store: any TenantStore) async throws {
    var last: UInt64 = 0
    for _ in 0..<100 {
      await Task.yield()
      let state = try store.state()
      #expect(state.seq >= last && state.seq % 2 == 0)
      last = state.seq
      let heads = try store.heads([Sample.campaign, .tenant])
      #expect(heads[.tenant] == 0 || heads[.tenant] == heads[Sample.campaign, default: 0] + 1)
      let page = try store.page(
        PageRequest(
          scope: Sample.campaign, after: 0, through: last, byteLimit: .max, rowLimit: .max, includesDepartures: true))
      #expect(page.rows.count == Int(last / 2) && page.remaining == 0)
      #expect(page.rows.allSatisfy { $0.payload?.first == UInt8(($0.seq + 1) / 2) })
    }
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `readers see whole commits while others are written`(kind: TenantStoreKind) async throws {
    let store = try TenantStoreHarness(kind).store
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<3 { group.addTask { try await Self.read(store) } }
      group.addTask { try await Self.write(store) }
      try await group.waitForAll()
    }
    #expect(try store.state().seq == 2 * Self.commitCount)
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `of two writers with the same head one wins and the other is told`(kind: TenantStoreKind) async throws {
    let store = try TenantStoreHarness(kind).store
    let wins = try await withThrowingTaskGroup(of: Int.self) { group in
      for writer in 0..<4 {
        group.addTask {
          var wins = 0
          for round in 0..<25 {
            let code = refusal { try store.commit([(Sample.subject(UInt64(writer)), .tenant, [UInt8(round)])]) }
            #expect(code == nil || code == .headMoved)
            if code == nil { wins += 1 }
          }
          return wins
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(try store.state().seq == UInt64(wins))
    #expect(wins > 0)
  }
}
