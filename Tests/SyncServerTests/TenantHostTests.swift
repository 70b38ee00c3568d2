// Which tenants are open, and what opening and closing one does to the others.
import ReviewModel
import Storage
import SyncProtocol
import Testing
import Trust

@testable import SyncServer

@Suite(.timeLimit(.minutes(1))) struct TenantHostTests {
  @Test func `a tenant that nobody uses makes room for another; where all are used, one too many comes later`() async throws {
    let bench = try ServerBench()
    let north = try bench.makeTenant("North")
    let south = try bench.makeTenant("South")
    let east = try bench.makeTenant("East")
    let device = try await bench.enrol(east, [.admin])
    bench.clock.advance(1)
    bench.host.limit(openTenants: 2)
    let first = try #require(try await bench.host.acquire(north.id))
    let second = try #require(try await bench.host.acquire(south.id))
    #expect(Set(bench.host.openTenants.map(\.id)) == [north.id, south.id], "the one that nobody used was closed")
    let error = await #expect(throws: StorageError.self) { _ = try await bench.host.acquire(east.id) }
    #expect(error?.code == .busy)
    let client = bench.connect()
    try await client.send(.hello(client.hello(device)))
    let goodbye = try await client.goodbye().0
    #expect(goodbye.code == .serverTrouble && goodbye.retryAfterMilliseconds > 0)
    await client.ended()
    var late = try TestDevice(tenant: east.id)
    let answer = await bench.post(try late.enrolment(try bench.invite(east, [.reviewer])))
    #expect(answer.status == 503)
    #expect(try first.store.state().tenant == north.id && second.store.state().tenant == south.id)
    bench.host.release(first)
    let (again, welcome) = try await bench.session(device)
    #expect(welcome.member == device.member)
    #expect(Set(bench.host.openTenants.map(\.id)) == [south.id, east.id])
    await again.close()
    bench.host.release(second)
  }
}
