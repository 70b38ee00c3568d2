// A whole server in memory and devices that reach it through pipes in memory. Time stands still unless a test moves it.
import Foundation
import Logging
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import SyncServer
import Synchronization
import Transport
import Trust

@testable import ClientCore

struct WorldError: Error {
  let what: String
}

/// What the network does.
struct NetworkState {
  var isCut = false
  var isCertified = true
}

final class World: Sendable {
  private final class Shelf: Sendable {
    let stores = Mutex<[TenantID: MemoryTenantStore]>([:])

    func open(_ id: TenantID) throws(StorageError) -> any TenantStore {
      guard let store = stores.withLock({ $0[id]?.reopened() }) else {
        throw StorageError(.notFound, "There is no such store.")
      }
      stores.withLock { $0[id] = store }
      return store
    }
  }

  let clock = Mutex<UInt64>(1_790_000_000_000)
  let uptime = Mutex<UInt64>(1_000)
  let network = Mutex(NetworkState())
  let identity: ServerIdentity
  let tenant: TenantRecord
  private let shelf = Shelf()
  private let administration: TenantAdministration
  private let runner: SessionRunner
  private let edge: HTTPEdge
  /// Each device's disk, by directory.
  let outboxes = Mutex<[String: MemoryOutboxStore]>([:])
  let caches = Mutex<[String: MemoryCacheStore]>([:])
  let files = MemoryFiles()

  init() throws {
    guard let key = SigningKey(seed: Array(repeating: 42, count: 32)),
      let identity = ServerIdentity(name: "bench", signingKey: key)
    else { throw WorldError(what: "identity") }
    self.identity = identity
    let shelf = shelf
    let clock = ClockReading()
    let environment = ServerEnvironment(
      wallMilliseconds: { clock.now }, uptimeMilliseconds: { clock.now }, randomBytes: { RandomBytes.make(count: $0) })
    let logger = Logger(label: "world") { _ in SwiftLogNoOpLogHandler() }
    let directory = MemoryDirectoryStore()
    let registry = SessionRegistry()
    administration = TenantAdministration(identity: identity, environment: environment, directory: directory)
    let host = TenantHost(
      identity: identity, environment: environment, directory: directory, metrics: ServerMetrics(), marksEverything: false,
      logger: logger
    ) { id throws(StorageError) in try shelf.open(id) }
    runner = SessionRunner(host: host, registry: registry, logger: logger)
    edge = HTTPEdge(host: host, registry: registry, tlsCertificateDigest: nil, version: "test")
    tenant = try administration.create(name: "Praxis am Park") { id, epoch in
      let store = MemoryTenantStore(tenant: id, epoch: epoch)
      shelf.stores.withLock { $0[id] = store }
      return store
    }
    self.clock.withLock { $0 = clock.now }
  }

  /// The server's clock; devices have their own.
  private final class ClockReading: Sendable {
    let milliseconds = Atomic<UInt64>(1_790_000_000_000)

    var now: UInt64 { milliseconds.wrappingAdd(1, ordering: .relaxed).newValue }
  }

  func invite(_ roles: [Role], name: String) throws -> String {
    try administration.invite(to: tenant, roles: roles, name: name, url: "http://127.0.0.1:8443").text
  }

  func enrol(_ directory: String, _ roles: [Role], name: String) async throws -> Profile {
    _ = try await Profile.enrol(
      code: try invite(roles, name: name), deviceName: "Laptop", at: directory, name: directory, environment: environment(),
      passphrase: nil)
    return try open(directory)
  }

  /// Another process of a device, in surroundings that a test may have changed.
  func open(_ directory: String, in environment: ClientEnvironment? = nil) throws -> Profile {
    try Profile.open(at: directory, name: directory, environment: environment ?? self.environment())
  }

  func environment() -> ClientEnvironment {
    ClientEnvironment(
      openOutbox: { [self] path in
        outboxes.withLock { stores in
          let store = stores[path] ?? MemoryOutboxStore()
          stores[path] = store
          return store
        }
      },
      openCache: { [self] path in
        caches.withLock { stores in
          let store = stores[path] ?? MemoryCacheStore()
          stores[path] = store
          return store
        }
      },
      destroyCache: { [self] path in caches.withLock { $0[path] = nil } },
      connect: { [self] _, _ in try connect() },
      post: { [self] url, body, _ in try await http("POST", url, body) },
      get: { [self] url, _ in try await http("GET", url, []) }, files: files,
      nowMilliseconds: { [self] in
        clock.withLock { clock in
          clock += 1
          return clock
        }
      },
      uptimeMilliseconds: { [self] in
        uptime.withLock { uptime in
          uptime += 1
          return uptime
        }
      },
      randomBytes: { RandomBytes.make(count: $0) }, sleep: { try await Self.rest($0) }, agent: "test")
  }

  private func connect() throws -> any FramePipe {
    guard !network.withLock({ $0.isCut }) else { throw WorldError(what: "the network is cut") }
    let (client, server) = InMemoryPipe.makePair()
    let runner = runner
    Task { await runner.serve(server) }
    return client
  }

  private func http(_ method: String, _ url: String, _ body: [UInt8]) async throws -> HTTPReply {
    guard !network.withLock({ $0.isCut }) else { throw WorldError(what: "the network is cut") }
    guard let slash = url.range(of: "/v1/") else { throw WorldError(what: url) }
    let answer = await edge.answer(
      EdgeRequest(
        method: method, path: String(url[slash.lowerBound...]), contentType: "application/x-protobuf", body: body, peer: "test")
    )
    return (answer.status, answer.body, nil)
  }

  /// Short waits are over at once, long ones never: no test depends on time going by.
  private static func rest(_ milliseconds: UInt64) async throws {
    if milliseconds < 2_500 { return await Task.yield() }
    for await _ in AsyncStream<Never>(unfolding: { () async -> Never? in await Self.untilCancelled() }) {}
    throw CancellationError()
  }

  private static func untilCancelled() async -> Never? {
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    await withTaskCancellationHandler {
      for await _ in stream {}
    } onCancel: {
      continuation.finish()
    }
    return nil
  }

  /// What the server's export of a member's scopes holds of a profile's cache, line by line.
  func exported(_ profile: Profile) throws -> String {
    _ = try profile.export(toDirectory: "/export")
    return String(decoding: try files.read("/export/entities.jsonl") ?? [], as: UTF8.self)
  }

  /// The same as the server writes it for the profile's member.
  func exportedByServer(for profile: Profile) throws -> String {
    let store = try stored()
    return try TenantExport.text(
      of: store, scopes: TenantExport.scopes(of: profile.openIdentity.member, in: store) ?? [])
  }

  /// What the server holds now; it goes on with its own.
  func stored() throws -> MemoryTenantStore {
    guard let store = shelf.stores.withLock({ $0[tenant.id] }) else { throw WorldError(what: "the tenant's store") }
    return store.reopened()
  }
}
