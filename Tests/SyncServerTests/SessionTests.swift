// A server in memory, end to end: enrol, push, answers, live changes, and what ends a session.
import ReviewModel
import Storage
import SyncProtocol
import Testing
import Transport
import Trust

@testable import SyncServer

@Suite(.timeLimit(.minutes(5))) struct SessionTests {
  @Test func `a push is answered, and its changes reach another session live`() async throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    var editor = try await bench.enrol(tenant, [.admin, .editor])
    let reviewer = try await bench.enrol(tenant, [.reviewer])
    let campaign: CampaignID = try TestDevice.identifier()
    let post: SubjectID = try TestDevice.identifier()
    let (writing, _) = try await bench.session(editor)
    try await writing.push([try editor.campaign(campaign)])
    #expect(try await writing.outcomes().answers.map(\.number) == [2])
    let (reading, welcome) = try await bench.session(reviewer)
    #expect(welcome.scopes.map(\.scope).contains(.campaign(campaign)))
    try await reading.follow(welcome.scopes.map(\.scope))
    try await writing.push([try editor.item(in: campaign, post: post)])
    let answer = try #require(try await writing.outcomes().answers.first)
    let changes = try await reading.changes(of: .campaign(campaign))
    #expect(changes.entries.contains { $0.key == .subject(post) })
    #expect(changes.to <= answer.commitSeq)
    await writing.close()
    await reading.close()
    #expect(bench.registry.count == 0)
  }

  @Test func `JSON carries the same session`() async throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    var editor = try await bench.enrol(tenant, [.admin, .editor])
    let client = bench.connect(encoding: .json)
    let welcome = try await client.open(editor)
    try await client.follow(welcome.scopes.map(\.scope))
    try await client.push([try editor.campaign(try TestDevice.identifier())])
    #expect(try await client.outcomes().answers.count == 1)
    await client.close()
  }

  @Test func `a replay on a new connection gets the stored outcome`() async throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    var editor = try await bench.enrol(tenant, [.admin, .editor])
    let envelope = try editor.campaign(try TestDevice.identifier())
    let (first, _) = try await bench.session(editor)
    try await first.push([envelope])
    let outcomes = try await first.outcomes()
    await first.close()
    let (second, welcome) = try await bench.session(editor)
    #expect(welcome.lanes.first { $0.lane == 1 }?.lastNumber == 2)
    try await second.push([envelope])
    #expect(try await second.outcomes() == outcomes)
    await second.close()
  }

  @Test func `fork, gap, bad signature, garbage and too much each end the session with their code`() async throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    var editor = try await bench.enrol(tenant, [.admin, .editor])
    var copy = editor
    let (fine, _) = try await bench.session(editor)
    try await fine.push([try editor.campaign(try TestDevice.identifier())])
    _ = try await fine.outcomes()
    await fine.close()
    let gap = try editor.sign(.revokeDevice(RevokeDevice()), number: 9)
    let signed = try editor.campaign(try TestDevice.identifier())
    let forged = PushedEnvelope(
      envelope: SignedEnvelope(bytes: signed.envelope.bytes, signature: editor.key.sign([1])), parts: signed.parts)
    let cases: [(GoodbyeCode, [UInt8])] = [
      (.forked, try FrameCodec.encode(.push(Push(envelopes: [copy.campaign(TestDevice.identifier())])), as: .binary)),
      (.numberGap, try FrameCodec.encode(.push(Push(envelopes: [gap])), as: .binary)),
      (.badSignature, try FrameCodec.encode(.push(Push(envelopes: [forged])), as: .binary)),
      (.malformedFrame, [0xFF, 0xFF, 0xFF]),
      (.unexpectedFrame, try FrameCodec.encode(.hello(fine.hello(editor)), as: .binary)),
    ]
    for (code, bytes) in cases {
      let (client, _) = try await bench.session(editor)
      try await client.pipe.send(bytes)
      let (goodbye, closeCode) = try await client.goodbye()
      #expect(goodbye.code == code && closeCode == code.webSocketCloseCode)
      await client.ended()
    }
  }

  @Test func `a newer session replaces the older one of the same device`() async throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    let editor = try await bench.enrol(tenant, [.admin])
    let (older, _) = try await bench.session(editor)
    let (newer, _) = try await bench.session(editor)
    #expect(try await older.goodbye().0.code == .replaced)
    try await newer.send(.fetch(Fetch(request: 1, keys: [.tenant(tenant.id)], wantsWaiting: false)))
    let answer = try await newer.until("entities") { if case .entities(let frame) = $0 { frame } else { nil } }
    #expect(answer.entries.count == 1)
    await newer.close()
  }

  @Test func `a revoked device loses its session and gets no other`() async throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    var admin = try await bench.enrol(tenant, [.admin])
    let reviewer = try await bench.enrol(tenant, [.reviewer])
    let (reading, _) = try await bench.session(reviewer)
    let (writing, _) = try await bench.session(admin)
    try await writing.push([try admin.revoke(reviewer.id)])
    #expect(try await reading.goodbye().0.code == .deviceRevoked)
    let again = bench.connect()
    try await again.prove(reviewer)
    #expect(try await again.goodbye().0.code == .deviceRevoked)
    await writing.close()
  }

  @Test func `a reader that is slower than others write misses nothing, and catches up when it reads`() async throws {
    let limits = PipeLimits(sendBufferBytes: 64 << 10, incomingMessages: 1)
    let bench = try ServerBench(limits: limits)
    let tenant = try bench.makeTenant("North")
    var editor = try await bench.enrol(tenant, [.admin, .editor])
    let reviewer = try await bench.enrol(tenant, [.reviewer])
    let campaign: CampaignID = try TestDevice.identifier()
    let (writing, _) = try await bench.session(editor)
    try await writing.push([try editor.campaign(campaign)])
    _ = try await writing.outcomes()
    let (reading, welcome) = try await bench.session(reviewer)
    try await reading.follow(welcome.scopes.map(\.scope))
    let text = String(repeating: "x", count: 15_000)
    var posts: Set<SubjectID> = []
    for _ in 0..<60 {
      let post: SubjectID = try TestDevice.identifier()
      posts.insert(post)
      try await writing.push([try editor.item(in: campaign, post: post, text: text)])
      _ = try await writing.outcomes()
    }
    var seen: Set<SubjectID> = []
    var cursor: UInt64?
    // It ends when every post was seen, or when the session does.
    while seen != posts {
      let changes = try await reading.changes(of: .campaign(campaign))
      #expect(cursor == nil || changes.from >= cursor ?? 0)
      cursor = changes.to
      seen.formUnion(changes.entries.compactMap { $0.key.kind == .subject ? SubjectID($0.key.id) : nil })
    }
    await writing.close()
    await reading.close()
  }

  @Test func `a full disk ends the session and consumes nothing`() async throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    var editor = try await bench.enrol(tenant, [.admin, .editor])
    let envelope = try editor.campaign(try TestDevice.identifier())
    let (client, _) = try await bench.session(editor)
    let store = try #require(bench.shelf[tenant.id])
    store.failWrites(with: StorageError(.diskFull, "The disk is full."))
    try await client.push([envelope])
    let (goodbye, _) = try await client.goodbye()
    #expect(goodbye.code == .serverTrouble && goodbye.retryAfterMilliseconds > 0)
    store.failWrites(with: nil)
    let (again, welcome) = try await bench.session(editor)
    #expect(welcome.lanes.first { $0.lane == 1 }?.lastNumber == 1)
    try await again.push([envelope])
    #expect(try await again.outcomes().answers.map(\.number) == [2])
    await again.close()
  }

  @Test func `a stop tells everybody when to come back`() async throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    let editor = try await bench.enrol(tenant, [.admin])
    let (client, _) = try await bench.session(editor)
    bench.registry.stop()
    let (goodbye, code) = try await client.goodbye()
    #expect(goodbye.code == .shuttingDown && goodbye.retryAfterMilliseconds > 0 && code == 4014)
    let late = bench.connect()
    #expect(try await late.next() == nil)
    await bench.host.closeAll()
    #expect(bench.host.openTenants.isEmpty)
  }

  @Test func `an idle tenant is closed, and opens again with all it had`() async throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    let editor = try await bench.enrol(tenant, [.admin])
    #expect(bench.host.openTenants.count == 1)
    bench.clock.advance(TenantHost.idleMilliseconds)
    bench.host.closeIdle()
    try await waitUntil { bench.host.openTenants.isEmpty }
    let (client, welcome) = try await bench.session(editor)
    #expect(welcome.member == editor.member)
    await client.close()
  }
}
