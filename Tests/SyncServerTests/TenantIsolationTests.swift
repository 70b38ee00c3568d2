// Two tenants on one server: nothing that a device of one can ask brings, changes or betrays anything of the other.
import ReviewModel
import Storage
import SyncProtocol
import Testing
import Trust

@testable import SyncServer

@Suite(.timeLimit(.minutes(5))) struct TenantIsolationTests {
  private struct Pair {
    let bench: ServerBench
    let south: TenantRecord
    var northAdmin: TestDevice
    let southAdmin: TestDevice
    let southCampaign: CampaignID
    let southPost: SubjectID

    init() async throws {
      bench = try ServerBench()
      let north = try bench.makeTenant("North")
      south = try bench.makeTenant("South")
      northAdmin = try await bench.enrol(north, [.admin, .editor, .reviewer])
      var southAdmin = try await bench.enrol(south, [.admin, .editor])
      southCampaign = try TestDevice.identifier()
      southPost = try TestDevice.identifier()
      let (client, _) = try await bench.session(southAdmin)
      try await client.push([try southAdmin.campaign(southCampaign), try southAdmin.item(in: southCampaign, post: southPost)])
      _ = try await client.outcomes()
      await client.close()
      self.southAdmin = southAdmin
    }

    func southSize() throws -> UInt64? { try bench.shelf[south.id]?.state().ledgerSize }
  }

  @Test func `a device cannot open a session in another tenant`() async throws {
    let pair = try await Pair()
    var stranger = try TestDevice(tenant: pair.south.id)
    stranger.member = pair.northAdmin.member
    let client = pair.bench.connect()
    try await client.prove(stranger)
    #expect(try await client.goodbye().0.code == .unauthorized)
  }

  @Test func `every request of a session finds nothing of another tenant`() async throws {
    let pair = try await Pair()
    let (client, welcome) = try await pair.bench.session(pair.northAdmin)
    #expect(!welcome.scopes.contains { $0.scope == .campaign(pair.southCampaign) })
    let foreign: [Scope] = [
      .campaign(pair.southCampaign), .campaignInternal(pair.southCampaign), .member(pair.southAdmin.member),
    ]
    try await client.send(.subscribe(Subscribe(cursors: foreign.map { ScopeCursor(scope: $0, cursor: 0) }, isLive: true)))
    for scope in foreign {
      #expect(try await client.until("closing") { if case .scopeClosed(let scope) = $0 { scope } else { nil } } == scope)
    }
    let keys: [EntityKey] = [
      .tenant(pair.south.id), .member(pair.southAdmin.member), .device(pair.southAdmin.id), .campaign(pair.southCampaign),
      .subject(pair.southPost),
    ]
    try await client.send(.fetch(Fetch(request: 1, keys: keys, wantsWaiting: true)))
    let entities = try await client.until("entities") { if case .entities(let frame) = $0 { frame } else { nil } }
    #expect(entities.entries.isEmpty && entities.isLast)
    try await client.send(.proofs(ProofRequest(request: 2, size: 100, indexes: [], rangeStart: 0, rangeCount: 100)))
    let proofs = try await client.until("proofs") { if case .proofs(let frame) = $0 { frame } else { nil } }
    #expect(!proofs.entries.isEmpty)
    for entry in proofs.entries { #expect(try entry.envelope.envelope().tenant == pair.northAdmin.tenant) }
    let leaves = Array(repeating: Digest.zero, count: 256)
    try await client.send(.repair(Repair(scope: .campaign(pair.southCampaign), cursor: 0, leaves: leaves)))
    let closed = try await client.until("closing") { if case .scopeClosed(let scope) = $0 { scope } else { nil } }
    #expect(closed == .campaign(pair.southCampaign))
    await client.close()
  }

  @Test func `an envelope of another tenant is not taken, whoever signed it`() async throws {
    var pair = try await Pair()
    let before = try pair.southSize()
    var foreign = try TestDevice(tenant: pair.south.id)
    foreign.member = pair.northAdmin.member
    let (client, _) = try await pair.bench.session(pair.northAdmin)
    try await client.push([try foreign.campaign(try TestDevice.identifier())])
    #expect(try await client.goodbye().0.code == .unauthorized)
    #expect(try pair.southSize() == before)
    // The other tenant's post can be named in an own envelope; it is simply not there.
    let (again, _) = try await pair.bench.session(pair.northAdmin)
    try await again.push([try pair.northAdmin.item(in: pair.southCampaign, post: try TestDevice.identifier())])
    let record = try LeafRecord(canonical: try #require(try await again.outcomes().answers.first).leafRecord)
    #expect(record.outcome.code == .notFound)
    await again.close()
  }
}
