// A whole server in memory: tenants, sessions over pipes in memory, HTTP as values. Time stands still unless a test
// moves it.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Synchronization
import Transport
import Trust

@testable import SyncServer

struct BenchError: Error {
  let what: String

  init(_ what: String = "") { self.what = what }
}

/// Where tenants' stores are kept between openings.
final class StoreShelf: Sendable {
  private let stores = Mutex<[TenantID: MemoryTenantStore]>([:])

  subscript(_ id: TenantID) -> MemoryTenantStore? {
    get { stores.withLock { $0[id] } }
    set { stores.withLock { $0[id] = newValue } }
  }

  func open(_ id: TenantID) throws(StorageError) -> any TenantStore {
    guard let store = self[id]?.reopened() else { throw StorageError(.notFound, "There is no such store.") }
    self[id] = store
    return store
  }
}

/// Waits for what another thread does; the suite's time limit ends it.
func waitUntil(_ holds: () -> Bool) async throws {
  while !holds() {
    try Task.checkCancellation()
    await Task.yield()
  }
}

/// A clock that tests move.
final class BenchClock: Sendable {
  private let milliseconds = Mutex<UInt64>(1_000_000)

  var now: UInt64 { milliseconds.withLock { $0 } }

  func advance(_ step: UInt64) { milliseconds.withLock { $0 += step } }
}

struct ServerBench {
  let shelf = StoreShelf()
  let clock = BenchClock()
  let directory = MemoryDirectoryStore()
  let identity: ServerIdentity
  let administration: TenantAdministration
  let host: TenantHost
  let registry = SessionRegistry()
  let runner: SessionRunner
  let edge: HTTPEdge
  let limits: PipeLimits

  init(limits: PipeLimits = PipeLimits(), marksEverything: Bool = false) throws {
    guard let key = SigningKey(seed: Array(repeating: 42, count: 32)),
      let identity = ServerIdentity(name: "bench", signingKey: key)
    else { throw BenchError("identity") }
    self.identity = identity
    self.limits = limits
    let clock = clock
    let shelf = shelf
    let environment = ServerEnvironment(
      wallMilliseconds: { clock.now }, uptimeMilliseconds: { clock.now }, randomBytes: { RandomBytes.make(count: $0) })
    administration = TenantAdministration(identity: identity, environment: environment, directory: directory)
    host = TenantHost(
      identity: identity, environment: environment, directory: directory, metrics: ServerMetrics(),
      marksEverything: marksEverything
    ) { id throws(StorageError) in try shelf.open(id) }
    runner = SessionRunner(host: host, registry: registry)
    edge = HTTPEdge(host: host, registry: registry, tlsCertificateDigest: nil, version: "test")
  }

  /// Another process on the same files, started now.
  func anotherHost(metrics: ServerMetrics = ServerMetrics(), opener: TenantHost.Opener? = nil) -> TenantHost {
    let shelf = shelf
    let opensShelf: TenantHost.Opener = { id throws(StorageError) in try shelf.open(id) }
    return TenantHost(
      identity: identity, environment: host.environment, directory: directory, metrics: metrics, marksEverything: false,
      opener: opener ?? opensShelf)
  }

  func makeTenant(_ name: String) throws -> TenantRecord {
    let shelf = shelf
    return try administration.create(name: name) { id, epoch in
      let store = MemoryTenantStore(tenant: id, epoch: epoch)
      shelf[id] = store
      return store
    }
  }

  func invite(_ tenant: TenantRecord, _ roles: [Role], name: String = "Somebody") throws -> InvitationCode {
    try administration.invite(to: tenant, roles: roles, name: name, url: "wss://127.0.0.1:1")
  }

  /// Enrols a new device over HTTP.
  func enrol(_ tenant: TenantRecord, _ roles: [Role]) async throws -> TestDevice {
    var device = try TestDevice(tenant: tenant.id)
    let request = try device.enrolment(try invite(tenant, roles))
    let answer = await post(request)
    guard answer.status == 200 else { throw BenchError("enrolment \(answer.status)") }
    device.member = try EnrolResponse(answer.body, as: .binary).member
    return device
  }

  func post(_ request: EnrolRequest) async -> EdgeAnswer {
    guard let body = try? request.encoded(as: .binary) else { return EdgeAnswer(status: 0, contentType: "", body: []) }
    return await post(body)
  }

  func post(_ body: [UInt8]) async -> EdgeAnswer {
    await edge.answer(
      EdgeRequest(method: "POST", path: "/v1/enrol", contentType: "application/x-protobuf", body: body, peer: "test"))
  }

  /// A connection that the server serves.
  func connect(encoding: FrameEncoding = .binary) -> TestClient {
    let (client, server) = InMemoryPipe.makePair(encoding: encoding, limits: limits)
    let serving = Task { [runner] in await runner.serve(server) }
    return TestClient(pipe: client, server: server, serving: serving, identity: identity)
  }

  func session(_ device: TestDevice) async throws -> (client: TestClient, welcome: Welcome) {
    let client = connect()
    return (client, try await client.open(device))
  }
}
