// Catch-up, going live, and what happens when rights change or the client reads slowly.
import ReviewModel
import Storage
import SyncProtocol
import Testing
import Trust

@testable import SyncEngine

@Suite struct SessionSyncTests {
  /// A tenant with a campaign of everybody, and what its admin signs next.
  private func benchWithCampaign(_ id: CampaignID) throws -> LedgerBench {
    var bench = try LedgerBench()
    let (mutation, parts) = LedgerBench.campaign(id)
    try bench.expectApplied(try bench.commit([bench.admin.verified(bench.admin.sign(mutation, parts: parts))])[0])
    return bench
  }

  /// Everything that a client holds after applying the frames in order; nil if a page does not start at its cursor.
  private func apply(
    _ frames: [ServerFrame], to cursors: inout [Scope: UInt64], _ rows: inout [Scope: [EntityKey: ChangeEntry]]
  ) -> Bool {
    for changes in frames.changes {
      guard cursors[changes.scope, default: 0] == changes.from else { return false }
      cursors[changes.scope] = changes.to
      for entry in changes.entries {
        rows[changes.scope, default: [:]][entry.key] = entry.payload == nil ? nil : entry
      }
    }
    return true
  }

  private func digest(_ rows: [EntityKey: ChangeEntry]) -> Digest {
    var digest = ScopeDigest()
    for (key, entry) in rows {
      digest.add(ScopeDigest.itemHash(key: key, seq: entry.seq, payload: entry.payload ?? []), leaf: ScopeDigest.leaf(of: key))
    }
    return digest.digest
  }

  @Test func `a catch-up ends with a checkpoint whose digests are those of what was sent`() throws {
    let session = SessionBench(try benchWithCampaign(identifier(9)))
    let welcome = try session.open(session.bench.reviewer)
    try session.subscribe(welcome)
    let frames = session.take()
    var cursors: [Scope: UInt64] = [:]
    var rows: [Scope: [EntityKey: ChangeEntry]] = [:]
    #expect(apply(frames, to: &cursors, &rows))
    let checkpoint = try #require(frames.checkpoints.last)
    #expect(checkpoint.digests.map(\.scope) == welcome.scopes.map(\.scope).sorted())
    for head in checkpoint.digests {
      #expect(cursors[head.scope] == head.head)
      #expect(digest(rows[head.scope] ?? [:]) == head.digest)
    }
    let seq = try session.bench.store.state().seq
    #expect(cursors.values.allSatisfy { $0 == seq })
  }

  @Test func `a commit reaches a live session, and an empty page says that nothing was missed elsewhere`() throws {
    let campaign: CampaignID = try identifier(9)
    let session = SessionBench(try benchWithCampaign(campaign))
    let welcome = try session.open(session.bench.admin)
    try session.subscribe(welcome)
    var cursors: [Scope: UInt64] = [:]
    var rows: [Scope: [EntityKey: ChangeEntry]] = [:]
    #expect(apply(session.take(), to: &cursors, &rows))
    let (item, parts) = LedgerBench.item(
      try identifier(30), post: try identifier(31), campaign: campaign, author: session.bench.admin.member, submits: true)
    try session.receive(.push(Push(envelopes: [session.bench.admin.sign(item, parts: parts)])))
    let frames = session.take()
    let answer = try #require(frames.outcomes.first?.answers.first)
    #expect(apply(frames, to: &cursors, &rows))
    #expect(cursors.values.allSatisfy { $0 >= answer.commitSeq })
    #expect(rows[.campaign(campaign)]?[.subject(try identifier(31))] != nil)
    // The proof of what was just decided can be asked for at once.
    #expect(
      frames.checkpoints.last.map { (try? Checkpoint(noteText: SignedNote(parsing: $0.note).text))?.size } == answer.ledgerIndex
        + 1)
  }

  @Test func `a page is read once at a time, and changes meanwhile come in a later round`() throws {
    let campaign: CampaignID = try identifier(9)
    let session = SessionBench(try benchWithCampaign(campaign))
    let welcome = try session.open(session.bench.reviewer)
    session.holdsReads = true
    try session.subscribe(welcome)
    #expect(session.held.count == 1)
    let (item, parts) = LedgerBench.item(
      try identifier(30), post: try identifier(31), campaign: campaign, author: session.bench.admin.member, submits: true)
    try session.commit([session.bench.admin.verified(session.bench.admin.sign(item, parts: parts))])
    #expect(session.take().changes.isEmpty)
    try session.releaseHeld()
    var cursors: [Scope: UInt64] = [:]
    var rows: [Scope: [EntityKey: ChangeEntry]] = [:]
    let frames = session.take()
    #expect(apply(frames, to: &cursors, &rows))
    #expect(rows[.campaign(campaign)]?[.subject(try identifier(31))] != nil)
    #expect(frames.checkpoints.last?.digests.count == welcome.scopes.count)
  }

  @Test func `a slow reader is sent nothing new, and then everything by pages`() throws {
    let campaign: CampaignID = try identifier(9)
    let session = SessionBench(try benchWithCampaign(campaign))
    let welcome = try session.open(session.bench.reviewer)
    try session.subscribe(welcome)
    var cursors: [Scope: UInt64] = [:]
    var rows: [Scope: [EntityKey: ChangeEntry]] = [:]
    #expect(apply(session.take(), to: &cursors, &rows))
    try session.post(.becameChoked)
    for number in UInt8(0)..<5 {
      let (item, parts) = LedgerBench.item(
        try identifier(30, number), post: try identifier(31, number), campaign: campaign,
        author: session.bench.admin.member, submits: true)
      try session.commit([session.bench.admin.verified(session.bench.admin.sign(item, parts: parts))])
    }
    #expect(session.take().isEmpty)
    try session.post(.becameWritable)
    let frames = session.take()
    #expect(apply(frames, to: &cursors, &rows))
    #expect(rows[.campaign(campaign)]?.keys.filter { $0.kind == .subject }.count == 5)
    #expect(frames.changes.filter { $0.scope == .campaign(campaign) }.count == 1)
  }

  @Test func `a slow reader is not called silent, because nobody listens to it meanwhile`() throws {
    let bench = try LedgerBench()
    let session = SessionBench(bench)
    _ = try session.open(bench.reviewer)
    _ = session.take()
    try session.post(.becameChoked)
    try session.post(.ticked, after: 200_000)
    #expect(session.goodbye == nil)
    #expect(session.take().isEmpty, "not even a heartbeat joins what waits")
    try session.post(.becameWritable)
    try session.post(.ticked, after: 60_000)
    #expect(session.goodbye == nil)
    try session.post(.ticked, after: 31_000)
    #expect(session.goodbye?.code == .idle)
  }

  @Test func `a session that is not live is told of nothing after its catch-up`() throws {
    let campaign: CampaignID = try identifier(9)
    let session = SessionBench(try benchWithCampaign(campaign))
    try session.subscribe(try session.open(session.bench.reviewer), isLive: false)
    #expect(session.take().checkpoints.count == 1)
    let (item, parts) = LedgerBench.item(
      try identifier(30), post: try identifier(31), campaign: campaign, author: session.bench.admin.member, submits: true)
    try session.commit([session.bench.admin.verified(session.bench.admin.sign(item, parts: parts))])
    #expect(session.take().changes.isEmpty)
  }

  @Test func `a scope that is not granted is closed, and nothing of it is sent`() throws {
    let session = SessionBench(try benchWithCampaign(identifier(9)))
    _ = try session.open(session.bench.reviewer)
    let wanted: [Scope] = [
      .campaignInternal(try identifier(9)), .member(session.bench.admin.member), .campaign(try identifier(77)),
    ]
    try session.receive(.subscribe(Subscribe(cursors: wanted.map { ScopeCursor(scope: $0, cursor: 0) }, isLive: true)))
    let frames = session.take()
    #expect(frames.closedScopes == wanted && frames.changes.isEmpty)
    #expect(session.followed.isEmpty)
  }

  @Test func `rights that change open and close scopes while the session lives`() throws {
    let campaign: CampaignID = try identifier(9)
    let session = SessionBench(try benchWithCampaign(campaign))
    try session.subscribe(try session.open(session.bench.reviewer))
    _ = session.take()
    var roles = SetRoles()
    roles.member = session.bench.reviewer.member
    roles.roles = [.editor, .reviewer]
    try session.commit([session.bench.admin.verified(session.bench.admin.sign(.setRoles(roles)))])
    #expect(session.take().grantedScopes == [.campaignInternal(campaign)])
    var members = SetCampaignMembers()
    members.campaign = campaign
    members.members = [session.bench.admin.member]
    try session.commit([session.bench.admin.verified(session.bench.admin.sign(.setCampaignMembers(members)))])
    let frames = session.take()
    #expect(frames.closedScopes == [.campaign(campaign), .campaignInternal(campaign)])
    #expect(!frames.changes.contains { $0.scope == .campaign(campaign) })
    #expect(!session.followed.contains(.campaign(campaign)))
  }

  @Test func `a revocation ends the device's session`() throws {
    let session = SessionBench(try LedgerBench())
    try session.subscribe(try session.open(session.bench.reviewer))
    var revoke = RevokeDevice()
    revoke.device = session.bench.reviewer.id
    try session.commit([session.bench.admin.verified(session.bench.admin.sign(.revokeDevice(revoke)))])
    #expect(session.goodbye?.code == .deviceRevoked && session.closeCode == 4016)
  }

  @Test func `a cursor beyond the server's head is a rolled back server`() throws {
    let session = SessionBench(try LedgerBench())
    _ = try session.open(session.bench.reviewer)
    try session.receive(.subscribe(Subscribe(cursors: [ScopeCursor(scope: .tenant, cursor: 1 << 40)], isLive: true)))
    #expect(session.goodbye?.code == .rolledBack)
  }
}
