// The tenants of this server: opened at their first use, closed when nobody has used them for a while, so that ten
// thousand of them fit on a small machine.
import Dispatch
import Logging
import ReviewModel
import Storage
import SyncEngine
import Synchronization
import Trust

package final class TenantHost: Sendable {
  /// Opens a tenant's store; blocks.
  package typealias Opener = @Sendable (TenantID) throws(StorageError) -> any TenantStore

  package static let idleMilliseconds: UInt64 = 60_000

  private struct Open {
    let tenant: Tenant
    var users = 0
    var idleSinceMilliseconds: UInt64
  }

  private struct State {
    var open: [TenantID: Open] = [:]
    var mostOpen = Int.max
    var isClosed = false

    /// Takes out the tenant that has been unused for longest, if it has been since then.
    mutating func takeIdle(since milliseconds: UInt64 = .max) -> Tenant? {
      let idlest = open.values.filter { $0.users == 0 }.min { $0.idleSinceMilliseconds < $1.idleSinceMilliseconds }
      guard let idlest, idlest.idleSinceMilliseconds <= milliseconds else { return nil }
      open[idlest.tenant.id] = nil
      return idlest.tenant
    }
  }

  package let identity: ServerIdentity
  package let environment: ServerEnvironment
  package let directory: any DirectoryStore
  package let metrics: ServerMetrics
  private let opener: Opener
  private let marksEverything: Bool
  private let logger: Logger
  private let oldCopies: OldCopies
  private let startedMilliseconds: UInt64
  /// Opening and closing happen here, one at a time.
  private let queue = DispatchQueue(label: "countersign.tenants")
  private let state = Mutex(State())

  package init(
    identity: ServerIdentity, environment: ServerEnvironment, directory: any DirectoryStore, metrics: ServerMetrics,
    marksEverything: Bool, logger: Logger = Logger(label: "countersign.server"), opener: @escaping Opener
  ) {
    self.identity = identity
    self.environment = environment
    self.directory = directory
    self.metrics = metrics
    self.marksEverything = marksEverything
    self.logger = logger
    self.opener = opener
    oldCopies = OldCopies(directory: directory, metrics: metrics, logger: logger)
    startedMilliseconds = environment.uptimeMilliseconds()
  }

  /// Bounds how many tenants are open at once. More are opened only in place of tenants that nobody uses.
  package func limit(openTenants: Int) { state.withLock { $0.mostOpen = max(1, openTenants) } }

  /// The tenant, opened if it must be; nil if there is none. Everybody who got it gives it back with `release`.
  /// - Throws: `busy` if as many tenants are in use as may be open: that passes, as does a disk that is full.
  package func acquire(_ id: TenantID) async throws -> Tenant? {
    if let tenant = lend(id) { return tenant }
    return try await withCheckedThrowingContinuation { continuation in
      open(id) { continuation.resume(with: $0) }
    }
  }

  /// As `acquire`; when this has returned, the tenant's turn to be opened is certain.
  func open(_ id: TenantID, completion: @escaping @Sendable (Result<Tenant?, any Error>) -> Void) {
    queue.async { completion(Result { try self.openNow(id) }) }
  }

  package func release(_ tenant: Tenant) {
    let now = environment.uptimeMilliseconds()
    state.withLock { state in
      state.open[tenant.id]?.users -= 1
      state.open[tenant.id]?.idleSinceMilliseconds = now
    }
  }

  /// A device has shown this server's own signature on a checkpoint that the tenant's ledger does not continue: its files
  /// are an old copy. The tenant decides nothing until its ledger holds it, however often it or the server is started anew.
  package func stopWriting(_ tenant: Tenant, until shown: SeenCheckpoint) async {
    tenant.writer.stop(until: shown)
    let oldCopies = oldCopies
    let id = tenant.id
    await withCheckedContinuation { continuation in
      BlockingPool.start {
        oldCopies.note(shown, of: id)
        continuation.resume()
      }
    }
  }

  /// Every tenant that is open.
  package var openTenants: [Tenant] { state.withLock { $0.open.values.map(\.tenant) } }

  /// Closes what has been idle for long enough, one after the other: whoever wants a tenant waits for one of them, not for all.
  package func closeIdle() {
    let now = environment.uptimeMilliseconds()
    guard now >= Self.idleMilliseconds else { return }
    closeIdle(since: now - Self.idleMilliseconds)
  }

  private func closeIdle(since milliseconds: UInt64) {
    queue.async {
      guard let tenant = self.state.withLock({ $0.takeIdle(since: milliseconds) }) else { return }
      self.close(tenant)
      self.closeIdle(since: milliseconds)
    }
  }

  /// Closes everything, after what was submitted has been answered. Nothing can be acquired afterwards.
  package func closeAll() async {
    let tenants = state.withLock { state -> [Tenant] in
      state.isClosed = true
      defer { state.open = [:] }
      return state.open.values.map(\.tenant)
    }
    for tenant in tenants { await tenant.writer.drain() }
    await withCheckedContinuation { continuation in
      queue.async {
        for tenant in tenants { self.close(tenant) }
        continuation.resume()
      }
    }
  }

  private func lend(_ id: TenantID) -> Tenant? {
    state.withLock { state in
      guard !state.isClosed else { return nil }
      state.open[id]?.users += 1
      return state.open[id]?.tenant
    }
  }

  /// On the queue only, so that no tenant is opened twice.
  private func openNow(_ id: TenantID) throws -> Tenant? {
    if let tenant = lend(id) { return tenant }
    guard !state.withLock({ $0.isClosed }) else { throw StorageError(.closed, "The server stops; try again in a moment.") }
    guard try directory.tenant(id) != nil else { return nil }
    try makeRoom()
    let store = try opener(id)
    tidy(store, of: id)
    let tenant = try Tenant(
      store: store, identity: identity, environment: environment, marksEverything: marksEverything,
      onCommit: { [metrics, directory, queue] group in
        metrics.committed(group)
        Self.noteRoot(of: group, in: directory, on: queue)
      }, onRestored: { [oldCopies] shown in oldCopies.lift(shown, of: id) })
    if let shown = try oldCopies.standing(of: id, origin: tenant.origin, in: store) { tenant.writer.stop(until: shown) }
    let now = environment.uptimeMilliseconds()
    state.withLock { $0.open[id] = Open(tenant: tenant, users: 1, idleSinceMilliseconds: now) }
    logger.debug("tenant opened", metadata: ["tenant": "\(id)"])
    return tenant
  }

  /// What cannot be forgotten now, because the disk is full, is forgotten after another opening.
  private func tidy(_ store: any TenantStore, of id: TenantID) {
    do throws(StorageError) {
      try Housekeeping.tidy(
        store, nowMilliseconds: environment.wallMilliseconds(),
        uptimeMilliseconds: environment.uptimeMilliseconds() - startedMilliseconds)
    } catch {
      logger.warning("tenant not tidied", metadata: ["tenant": "\(id)", "code": "\(error.code.rawValue)"])
    }
  }

  /// On the queue only. A tenant too many would take the files that the others, and the connections, need.
  private func makeRoom() throws(StorageError) {
    let (isFull, idlest) = state.withLock { state -> (Bool, Tenant?) in
      state.open.count < state.mostOpen ? (false, nil) : (true, state.takeIdle())
    }
    guard isFull else { return }
    guard let idlest else {
      throw StorageError(
        .busy, "As many tenants are in use as may be open; try again later, or let the process have more files open.")
    }
    close(idlest)
  }

  private func close(_ tenant: Tenant) {
    do {
      try tenant.store.close()
      logger.debug("tenant closed", metadata: ["tenant": "\(tenant.id)"])
    } catch {
      logger.error("tenant not closed cleanly", metadata: ["tenant": "\(tenant.id)", "code": "\(error.code.rawValue)"])
    }
  }

  /// Invitations made at the console carry the root; it is known once the tenant's first admin has named it.
  private static func noteRoot(of group: CommittedGroup, in directory: any DirectoryStore, on queue: DispatchQueue) {
    guard let write = group.batch.writes.last(where: { $0.key.kind == .tenant }), let payload = write.payload else { return }
    queue.async {
      // The next invitation only lacks the root if this fails; the device then pins it at its first sync.
      guard let tenant = try? TenantEntity(tolerating: payload), let root = tenant.root?.fingerprint else { return }
      // As above.
      guard var record = try? directory.tenant(tenant.id), record.rootFingerprint != root else { return }
      record.rootFingerprint = root
      // The same holds if it cannot be noted now.
      try? directory.update(record)
    }
  }
}
