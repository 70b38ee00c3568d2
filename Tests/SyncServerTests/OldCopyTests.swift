// A server that came up from an old copy of one tenant: shown its own signature it stops writing there, and only there.
import Logging
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Synchronization
import Testing
import Trust

@testable import SyncServer

/// What was logged at level `error`: the size that was shown, or the code of what failed.
private final class LoggedLines: Sendable {
  private struct Handler: LogHandler {
    let lines: LoggedLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      guard event.level == .error, let value = event.metadata?["shown"] ?? event.metadata?["code"] else { return }
      lines.kept.withLock { $0.append("\(value)") }
    }
  }

  private let kept = Mutex<[String]>([])

  var errors: [String] { kept.withLock { $0 } }

  func handler() -> any LogHandler { Handler(lines: self) }
}

@Suite(.timeLimit(.minutes(5))) struct OldCopyTests {
  private static let root = SHA256.hash([9])

  private func origin(of tenant: TenantRecord, in bench: ServerBench) async throws -> String {
    let open = try #require(try await bench.host.acquire(tenant.id))
    defer { bench.host.release(open) }
    return open.origin
  }

  /// A device shows this server's signature on a ledger of the tenant that has so many entries.
  private func show(_ size: UInt64, of tenant: TenantRecord, by device: TestDevice, to bench: ServerBench) async throws {
    let origin = try await origin(of: tenant, in: bench)
    let root = Self.root
    let note = Checkpoint(origin: origin, size: size, root: root)
      .signed(by: bench.identity.signingKey, name: bench.identity.name)
    let client = bench.connect()
    try await client.prove(device, seen: SeenCheckpoint(origin: origin, size: size, root: root), showing: Array(note.utf8))
    #expect(try await client.goodbye().0.code == .rolledBack)
    await client.ended()
  }

  private func expectRefused(_ envelope: PushedEnvelope, of device: TestDevice, by bench: ServerBench) async throws {
    let (client, _) = try await bench.session(device)
    try await client.push([envelope])
    let goodbye = try await client.goodbye().0
    #expect(goodbye.code == .serverTrouble && goodbye.retryAfterMilliseconds > 0)
    #expect(goodbye.detail == ServerSessionLimits.oldCopySentence)
    await client.ended()
  }

  @Test func `nothing is written after the note, also by a tenant opened anew; other tenants go on`() async throws {
    let bench = try ServerBench()
    let north = try bench.makeTenant("North")
    let south = try bench.makeTenant("South")
    var editor = try await bench.enrol(north, [.admin, .editor])
    var other = try await bench.enrol(south, [.admin, .editor])
    let size = try #require(try bench.shelf[north.id]?.state().ledgerSize)
    try await show(size + 3, of: north, by: editor, to: bench)
    try await show(size + 2, of: north, by: editor, to: bench)
    try await expectRefused(editor.campaign(TestDevice.identifier()), of: editor, by: bench)
    var late = try TestDevice(tenant: north.id)
    let answer = await bench.post(try late.enrolment(try bench.invite(north, [.reviewer])))
    #expect(answer.status == 503)
    bench.clock.advance(TenantHost.idleMilliseconds + 1)
    bench.host.closeIdle()
    try await waitUntil { !bench.host.openTenants.contains { $0.id == north.id } }
    let again = try #require(try await bench.host.acquire(north.id))
    guard case .failure(let error) = await again.writer.sign(.inviteMember(InviteMember()), parts: []) else {
      throw BenchError("an old copy was written to")
    }
    #expect(error.isOldCopy && error.sentence.contains("\(size + 3)"))
    bench.host.release(again)
    #expect(try bench.shelf[north.id]?.state().ledgerSize == size)
    let origin = try await origin(of: north, in: bench)
    #expect(
      try bench.directory.shown(of: north.id) == SeenCheckpoint(origin: origin, size: size + 3, root: Self.root),
      "the larger one counts")
    let (client, _) = try await bench.session(other)
    try await client.push([try other.campaign(TestDevice.identifier())])
    #expect(try await client.outcomes().answers.count == 1)
    await client.close()
    #expect(bench.host.metrics.text(heads: [:]).contains("countersign_old_copies_total 1\n"))
  }

  @Test func `a claim without the note stops nothing`() async throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    var editor = try await bench.enrol(tenant, [.admin, .editor])
    let open = try #require(try await bench.host.acquire(tenant.id))
    let client = bench.connect()
    try await client.prove(editor, seen: SeenCheckpoint(origin: open.origin, size: 900, root: .zero))
    #expect(try await client.goodbye().0.code == .rolledBack)
    await client.ended()
    bench.host.release(open)
    let (writing, _) = try await bench.session(editor)
    try await writing.push([try editor.campaign(TestDevice.identifier())])
    #expect(try await writing.outcomes().answers.count == 1)
    await writing.close()
  }

  @Test func `a new server on the same directory does not write either`() async throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    let editor = try await bench.enrol(tenant, [.admin, .editor])
    let size = try #require(try bench.shelf[tenant.id]?.state().ledgerSize)
    try await show(size + 3, of: tenant, by: editor, to: bench)
    await bench.host.closeAll()
    let metrics = ServerMetrics()
    let again = bench.anotherHost(metrics: metrics)
    let open = try #require(try await again.acquire(tenant.id))
    guard case .failure(let error) = await open.writer.sign(.inviteMember(InviteMember()), parts: []) else {
      throw BenchError("an old copy was written to after a restart")
    }
    #expect(error.isOldCopy && metrics.text(heads: [:]).contains("countersign_old_copies_total 1\n"))
    again.release(open)
    await again.closeAll()
  }

  @Test func `with the newest copy back, or in a new epoch, the mark is gone`() async throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    var editor = try await bench.enrol(tenant, [.admin, .editor])
    let open = try #require(try await bench.host.acquire(tenant.id))
    let size = try open.store.state().ledgerSize
    let held = SeenCheckpoint(
      origin: open.origin, size: size, root: try StoredProof.root(size: size, source: StoreNodeSource(store: open.store)))
    bench.host.release(open)
    await bench.host.closeAll()
    for shown in [held, SeenCheckpoint(origin: held.origin + "x", size: size + 9, root: Self.root)] {
      try bench.directory.keep(shown: shown, of: tenant.id)
      let metrics = ServerMetrics()
      let again = bench.anotherHost(metrics: metrics)
      let opened = try #require(try await again.acquire(tenant.id))
      #expect(try bench.directory.shown(of: tenant.id) == nil)
      #expect(metrics.text(heads: [:]).contains("countersign_old_copies_total 0\n"))
      let envelope = try VerifiedEnvelope.check(
        editor.campaign(TestDevice.identifier()), tenant: tenant.id, device: editor.id, key: editor.key.publicKey)
      let results = try await opened.writer.submit([envelope]).get()
      guard case .answered(let answer)? = results.first else { throw BenchError("not answered") }
      #expect(answer.isNew && answer.outcome.status == .applied)
      again.release(opened)
      await again.closeAll()
    }
  }

  @Test func `it is logged once for each larger checkpoint, and again after it was lifted`() throws {
    let directory = MemoryDirectoryStore()
    let metrics = ServerMetrics()
    let lines = LoggedLines()
    let logger = Logger(label: "test") { _ in lines.handler() }
    let copies = OldCopies(directory: directory, metrics: metrics, logger: logger)
    func seen(_ size: UInt64) -> SeenCheckpoint { SeenCheckpoint(origin: "o", size: size, root: Self.root) }
    for size in [5, 5, 4, 7, 6] as [UInt64] { copies.note(seen(size), of: .zero) }
    #expect(lines.errors == ["5", "7"])
    #expect(try directory.shown(of: .zero) == seen(7))
    copies.lift(seen(5), of: .zero)
    #expect(try directory.shown(of: .zero) == seen(7), "what is not the largest lifts nothing")
    copies.lift(seen(7), of: .zero)
    #expect(try directory.shown(of: .zero) == nil)
    copies.note(seen(6), of: .zero)
    #expect(lines.errors == ["5", "7", "6"])
    #expect(metrics.text(heads: [:]).contains("countersign_old_copies_total 2\n"))
    try directory.close()
    copies.note(seen(8), of: .zero)
    #expect(lines.errors == ["5", "7", "6", "8", "closed"], "a directory that takes nothing is told of")
  }

  @Test func `the core writes once the ledger has that root at that size, and not for its length`() async throws {
    let bench = try ServerBench()
    let record = try bench.makeTenant("North")
    var editor = try await bench.enrol(record, [.admin, .editor])
    let tenant = try #require(try await bench.host.acquire(record.id))
    let store = tenant.store
    let state = try store.state()
    let newest = try #require(bench.shelf[record.id]).backup()
    let ledger = LedgerIdentity(origin: tenant.origin, serverDevice: bench.identity.device)
    let envelope = try VerifiedEnvelope.check(
      editor.campaign(TestDevice.identifier()), tenant: record.id, device: editor.id, key: editor.key.publicKey)
    // What the newest copy holds, and this one does not.
    var other = WriterCore(committer: LedgerCommitter(store: newest, identity: ledger))
    _ = try other.decide([envelope], store: newest, now: 2_000_000, marksEverything: false).results.get()
    let size = state.ledgerSize + 1
    let lost = SeenCheckpoint(
      origin: tenant.origin, size: size, root: try StoredProof.root(size: size, source: StoreNodeSource(store: newest)))
    var core = WriterCore(committer: LedgerCommitter(store: store, identity: ledger))
    core.stop(until: lost)
    core.stop(until: SeenCheckpoint(origin: tenant.origin, size: 1, root: .zero))
    #expect(core.shown == lost, "the largest counts")
    let isRefusedShort = isRefused(&core, envelope, store)
    #expect(isRefusedShort)
    #expect(try store.state() == state && store.decidingMarkers().isEmpty)
    // As long as what was shown, and another history: the same change, decided at another time.
    var astray = WriterCore(committer: LedgerCommitter(store: store, identity: ledger))
    _ = try astray.decide([envelope], store: store, now: 3_000_000, marksEverything: false).results.get()
    let isRefusedLong = isRefused(&core, envelope, store)
    #expect(try isRefusedLong && core.shown == lost && store.state().ledgerSize == size)
    other.stop(until: lost)
    let restored = other.decide([envelope], store: newest, now: 4_000_000, marksEverything: false)
    guard case .answered(let answer)? = try restored.results.get().first else { throw BenchError("not answered") }
    #expect(!answer.isNew && other.shown == nil)
    bench.host.release(tenant)
  }

  private func isRefused(_ core: inout WriterCore, _ envelope: VerifiedEnvelope, _ store: any TenantStore) -> Bool {
    switch core.decide([envelope], store: store, now: 9, marksEverything: true).results {
    case .success: false
    case .failure(let error): error.isOldCopy
    }
  }
}
