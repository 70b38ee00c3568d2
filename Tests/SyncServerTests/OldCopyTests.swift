// A server that came up from an old copy of one tenant: shown its own signature it stops writing there, and only there.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Testing
import Trust

@testable import SyncServer

@Suite(.timeLimit(.minutes(1))) struct OldCopyTests {
  /// A device shows this server's signature on a ledger of the tenant that has so many entries.
  private func show(_ size: UInt64, of tenant: TenantRecord, by device: TestDevice, to bench: ServerBench) async throws {
    let open = try #require(try await bench.host.acquire(tenant.id))
    let origin = open.origin
    bench.host.release(open)
    let root = SHA256.hash([9])
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
    while bench.host.openTenants.contains(where: { $0.id == north.id }) { await Task.yield() }
    let again = try #require(try await bench.host.acquire(north.id))
    guard case .failure(let error) = await again.writer.sign(.inviteMember(InviteMember()), parts: []) else {
      throw BenchError("an old copy was written to")
    }
    #expect(error.code == .readOnly && error.sentence.contains("\(size + 3)"))
    bench.host.release(again)
    #expect(try bench.shelf[north.id]?.state().ledgerSize == size)
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

  @Test func `the core refuses up to the size that it was shown, and writes once the ledger is that long`() async throws {
    let bench = try ServerBench()
    let record = try bench.makeTenant("North")
    var editor = try await bench.enrol(record, [.admin, .editor])
    let tenant = try #require(try await bench.host.acquire(record.id))
    let store = tenant.store
    let state = try store.state()
    let ledger = LedgerIdentity(origin: tenant.origin, serverDevice: bench.identity.device)
    var core = WriterCore(committer: LedgerCommitter(store: store, identity: ledger))
    let envelope = try VerifiedEnvelope.check(
      editor.campaign(TestDevice.identifier()), tenant: record.id, device: editor.id, key: editor.key.publicKey)
    core.shown(beyond: state.ledgerSize + 1)
    core.shown(beyond: state.ledgerSize)
    do throws(StorageError) {
      _ = try core.decide([envelope], store: store, now: 1, marksEverything: true)
      Issue.record("an old copy was written to")
    } catch {
      #expect(error.code == .readOnly)
    }
    #expect(try store.state() == state && store.decidingMarkers().isEmpty)
    // The newest copy is back: here, another writer brings the missing entry.
    var other = WriterCore(committer: LedgerCommitter(store: store, identity: ledger))
    _ = try other.decide([envelope], store: store, now: 1, marksEverything: false)
    #expect(try store.state().ledgerSize == state.ledgerSize + 1)
    let again = try core.decide([envelope], store: store, now: 2, marksEverything: false)
    guard case .answered(let answer)? = again.results.first else { throw BenchError("not answered") }
    #expect(!answer.isNew)
    bench.host.release(tenant)
  }
}
