// What is forgotten when a tenant is opened: what is old by the ledger or by a run of the process, not by the wall clock alone.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Testing
import Trust

@testable import SyncServer

@Suite(.timeLimit(.minutes(5))) struct HousekeepingTests {
  private static let day: UInt64 = 86_400_000

  private let bench: ServerBench
  private let tenant: TenantRecord
  private let editor: TestDevice
  private let stage: EntityKey

  /// A tenant, closed, whose newest entry is a stage that no import has taken.
  init() async throws {
    bench = try ServerBench()
    tenant = try bench.makeTenant("North")
    var editor = try await bench.enrol(tenant, [.editor])
    let batch: BatchID = try TestDevice.identifier()
    let (client, _) = try await bench.session(editor)
    try await client.push([try editor.stage(batch)])
    _ = try await client.outcomes()
    await client.close()
    await bench.host.closeAll()
    self.editor = editor
    stage = .stage(batch, index: 0)
    #expect(try bench.shelf.open(tenant.id).load([stage]).count == 1)
  }

  /// Whether the stage is there once this process has opened the tenant.
  private func isKept(by host: TenantHost) async throws -> Bool {
    let open = try #require(try await host.acquire(tenant.id))
    let isThere = try open.store.load([stage])[stage] != nil
    host.release(open)
    await host.closeAll()
    return isThere
  }

  @Test func `a clock that is a year ahead when the process starts forgets nothing`() async throws {
    bench.clock.advance(400 * Self.day)
    #expect(try await isKept(by: bench.anotherHost()))
  }

  @Test func `a process that has run for longer than a stage lives forgets it, and no earlier`() async throws {
    for (days, isKept) in [(29, true), (31, false)] as [(UInt64, Bool)] {
      let host = bench.anotherHost()
      bench.clock.advance(days * Self.day)
      #expect(try await self.isKept(by: host) == isKept, "after \(days) days")
    }
  }

  @Test func `a stage that is old by the ledger is forgotten at once`() async throws {
    bench.clock.advance(31 * Self.day)
    let host = bench.anotherHost()
    let open = try #require(try await host.acquire(tenant.id))
    var editor = editor
    let envelope = try VerifiedEnvelope.check(
      editor.campaign(TestDevice.identifier()), tenant: tenant.id, device: editor.id, key: editor.key.publicKey)
    _ = try await open.writer.submit([envelope]).get()
    host.release(open)
    #expect(try await isKept(by: host), "it was opened before")
    #expect(try await !isKept(by: bench.anotherHost()))
  }

  @Test func `a tenant is opened also where nothing can be forgotten, because the disk is full`() async throws {
    let shelf = bench.shelf
    let full = bench.anotherHost { id throws(StorageError) in FillingTenantStore(try shelf.open(id), commitsThatFit: 0) }
    bench.clock.advance(31 * Self.day)
    #expect(try await isKept(by: full))
  }
}
