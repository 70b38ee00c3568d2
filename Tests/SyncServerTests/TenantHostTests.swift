// Which tenants are open, and what opening and closing one does to the others.
import ReviewModel
import Storage
import SyncProtocol
import Synchronization
import Testing
import Trust

@testable import SyncServer

/// What a host did, in order; and what happens in the middle of its first closing.
private final class HostLog: Sendable {
  private struct State {
    var lines: [String] = []
    var atFirstClosing: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  var lines: [String] { state.withLock { $0.lines } }

  func note(_ line: String) { state.withLock { $0.lines.append(line) } }

  func atFirstClosing(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.atFirstClosing = action } }

  func closed() {
    let action = state.withLock { state -> (@Sendable () -> Void)? in
      state.lines.append("closed")
      defer { state.atFirstClosing = nil }
      return state.atFirstClosing
    }
    action?()
  }
}

@Suite(.timeLimit(.minutes(5))) struct TenantHostTests {
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

  @Test func `who wants a tenant waits for one that is being closed, and not for all`() async throws {
    let bench = try ServerBench()
    let wanted = try bench.makeTenant("Wanted")
    let log = HostLog()
    let shelf = bench.shelf
    let host = bench.anotherHost { id throws(StorageError) in FillingTenantStore(try shelf.open(id)) { log.closed() } }
    for name in ["North", "South", "East"] {
      let record = try bench.makeTenant(name)
      host.release(try #require(try await host.acquire(record.id)))
    }
    log.atFirstClosing {
      host.open(wanted.id) { result in
        if case .success(.some) = result { log.note("opened") } else { log.note("failed") }
      }
    }
    bench.clock.advance(TenantHost.idleMilliseconds)
    host.closeIdle()
    try await waitUntil { host.openTenants.map(\.id) == [wanted.id] }
    await host.closeAll()
    #expect(log.lines == ["closed", "opened", "closed", "closed", "closed"])
  }
}
