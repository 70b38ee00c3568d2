// The writer: group commit, and what it does after a crash.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Synchronization
import Testing
import Trust

@testable import SyncServer

@Suite(.timeLimit(.minutes(5))) struct TenantWriterTests {
  /// A tenant with an enrolled editor, closed; its store stays on the shelf.
  private func prepared() async throws -> (ServerBench, TenantRecord, TestDevice) {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    let editor = try await bench.enrol(tenant, [.admin, .editor])
    await bench.host.closeAll()
    return (bench, tenant, editor)
  }

  private func open(
    _ bench: ServerBench, _ id: TenantID, store: (any TenantStore)? = nil, marksEverything: Bool = false,
    onCommit: @escaping @Sendable (CommittedGroup) -> Void = { _ in }
  ) throws -> Tenant {
    let clock = bench.clock
    let environment = ServerEnvironment(
      wallMilliseconds: { clock.now }, uptimeMilliseconds: { clock.now }, randomBytes: { RandomBytes.make(count: $0) })
    return try Tenant(
      store: try store ?? bench.shelf.open(id), identity: bench.identity, environment: environment,
      marksEverything: marksEverything, onCommit: onCommit)
  }

  private func verified(_ pushed: PushedEnvelope, _ device: TestDevice) throws -> VerifiedEnvelope {
    try VerifiedEnvelope.check(pushed, tenant: device.tenant, device: device.id, key: device.key.publicKey)
  }

  @Test func `what waits is committed together and answered apart`() async throws {
    var (bench, record, editor) = try await prepared()
    let sizes = Mutex<[Int]>([])
    let tenant = try open(bench, record.id) { group in sizes.withLock { $0.append(group.batch.entries.count) } }
    var envelopes: [VerifiedEnvelope] = []
    for _ in 0..<20 { envelopes.append(try verified(editor.campaign(TestDevice.identifier()), editor)) }
    let numbers = Mutex<[[UInt64]]>([])
    for envelope in envelopes {
      tenant.writer.submit([envelope]) { result in
        guard case .success(let results) = result else { return }
        numbers.withLock {
          $0.append(results.compactMap { if case .answered(let answer) = $0 { answer.answered.number } else { nil } })
        }
      }
    }
    await tenant.writer.drain()
    #expect(numbers.withLock { $0 } == (2..<22).map { [UInt64($0)] })
    #expect(sizes.withLock { $0.reduce(0, +) } == 20)
    #expect(try tenant.store.state().ledgerSize == 23)
  }

  @Test func `after a crash what is decided is marked first, and the mark goes with the commit`() async throws {
    var (bench, record, editor) = try await prepared()
    let careful = try open(bench, record.id, marksEverything: true)
    let fine = try verified(editor.campaign(TestDevice.identifier()), editor)
    _ = try await careful.writer.submit([fine]).get()
    #expect(try careful.store.decidingMarkers().isEmpty)
    // A write that fails leaves the mark, as a crash would.
    let store = try #require(bench.shelf[record.id])
    let next = try verified(editor.campaign(TestDevice.identifier()), editor)
    try store.mark(deciding: [next.signed.hash])
    for crashes in UInt32(1)...3 {
      let found = try open(bench, record.id)
      #expect(try found.store.decidingMarkers() == [DecidingMarker(hash: next.signed.hash, crashCount: crashes)])
      try found.store.mark(deciding: [next.signed.hash])
    }
    let last = try open(bench, record.id)
    let results = try await last.writer.submit([next]).get()
    guard case .answered(let answer) = results[0] else { throw BenchError() }
    #expect(answer.outcome.code == .serverFault && answer.outcome.status == .parked)
    #expect(try last.store.decidingMarkers().isEmpty)
    #expect(try LedgerVerifier.verify(last.store, serverName: bench.identity.name, nowMilliseconds: 0).problems == [])
  }

  @Test func `what was committed one by one before the disk was full is told all the same`() async throws {
    let bench = try ServerBench()
    let record = try bench.makeTenant("North")
    var admin = try await bench.enrol(record, [.admin, .editor])
    let reviewer = try await bench.enrol(record, [.reviewer])
    await bench.host.closeAll()
    let envelopes = [
      try verified(admin.revoke(reviewer.id), admin), try verified(admin.campaign(TestDevice.identifier()), admin),
    ]
    // The second was being decided in a crash: each is decided alone.
    try bench.shelf.open(record.id).mark(deciding: [envelopes[1].signed.hash])
    let store = FillingTenantStore(try bench.shelf.open(record.id), commitsThatFit: 1)
    let size = try store.state().ledgerSize
    let told = Mutex<[Int]>([])
    let tenant = try open(bench, record.id, store: store) { group in
      told.withLock { $0.append(group.batch.entries.count) }
    }
    let (items, mailbox) = SessionMailbox.make()
    _ = tenant.fanOut.join(device: reviewer.id, mailbox: mailbox)
    guard case .failure(let error) = await tenant.writer.submit(envelopes) else { throw BenchError("nothing was full") }
    #expect(error.code == .diskFull)
    #expect(try store.state().ledgerSize == size + 1)
    #expect(told.withLock { $0 } == [1], "the revocation, and not the campaign that found no room")
    mailbox.finish()
    var newsOfAccess = 0
    for await item in items { if case .event(.accessChanged) = item { newsOfAccess += 1 } }
    #expect(newsOfAccess == 1)
    store.empty()
    let results = try await tenant.writer.submit(envelopes).get()
    let areNew = results.map { result -> Bool? in
      guard case .answered(let answer) = result else { return nil }
      return answer.isNew
    }
    #expect(areNew == [false, true])
    #expect(told.withLock { $0 } == [1, 1], "once each")
  }

  @Test func `the server signs its own entries one after the other`() async throws {
    let (bench, record, _) = try await prepared()
    let tenant = try open(bench, record.id)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          let name = Part.text("Somebody", kind: .name, salt: TestDevice.salt())
          var invite = InviteMember()
          invite.member = (try? TestDevice.identifier()) ?? .zero
          invite.roles = [.viewer]
          invite.inviteKey = SigningKey.generate().publicKey
          invite.name = name.digest
          guard case .success(let results) = await tenant.writer.sign(.inviteMember(invite), parts: [name]),
            case .answered(let answer) = results.first
          else { return false }
          return answer.outcome.status == .applied
        }
      }
      for await isApplied in group { #expect(isApplied) }
    }
    #expect(try tenant.store.lanes(of: bench.identity.device)[1]?.number == 10)
  }

  @Test func `the root that an admin names reaches later invitations`() async throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    let recovery = SigningKey.generate().publicKey
    var device = try TestDevice(tenant: tenant.id)
    let answer = await bench.post(try device.enrolment(try bench.invite(tenant, [.admin]), recoveryKey: recovery))
    let response = try EnrolResponse(answer.body, as: .binary)
    device.member = response.member
    var name = NameRoot()
    name.root.tenant = tenant.id
    name.root.rootKey = device.key.publicKey
    name.root.recoveryKey = recovery
    name.serverSignature = try #require(response.proposedRootSignature)
    let (client, _) = try await bench.session(device)
    try await client.push([try device.sign(.nameRoot(name))])
    let record = try LeafRecord(canonical: try #require(try await client.outcomes().answers.first).leafRecord)
    #expect(record.outcome.status == .applied)
    await client.close()
    await bench.host.closeAll()
    let noted = try #require(try bench.directory.tenant(tenant.id))
    #expect(noted.rootFingerprint == name.root.fingerprint)
    #expect(try bench.invite(noted, [.editor]).rootFingerprint == name.root.fingerprint)
  }
}
