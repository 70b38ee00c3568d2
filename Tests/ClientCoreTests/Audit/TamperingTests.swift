// The audit finds whatever is changed behind its back: each piece is flipped once.
import ReviewModel
import Storage
import SyncEngine
import SyncServer
import Synchronization
import Testing
import Trust

@testable import ClientCore

struct TamperingTests {
  /// A synced reviewer with a decision of its own, and the stores behind it.
  private func synced() async throws -> (world: World, profile: Profile, cache: MemoryCacheStore) {
    let world = try World()
    let people = try await world.submitted()
    let reviewer = people.reviewer
    let post = try #require(try reviewer.list(SubjectQuery()).first)
    _ = try reviewer.decide("reject", targets: [(post: post.post, revision: post.revision)], reason: "Too early")
    _ = try await reviewer.sync()
    #expect(try reviewer.audit().problems == [])
    return (world, reviewer, people.cache)
  }

  /// Puts another payload in place of an entity, as a lying server or a changed file would.
  private func replace(_ kind: EntityKind, in cache: MemoryCacheStore, _ change: (EntityValue) -> EntityValue?) throws {
    var replaced = 0
    var rows: [ScopedRow] = []
    try cache.allRows { scope, row in
      guard row.key.kind == kind, let payload = row.payload,
        let changed = change(try EntityValue(kind: kind, payload: payload))
      else { return }
      replaced += 1
      rows.append(ScopedRow(scope: scope, row: StoredRow(key: row.key, seq: row.seq + 1_000, payload: changed.payload)))
    }
    #expect(replaced > 0)
    _ = try cache.apply(fetched: rows)
  }

  @Test func `a verdict turned round is found`() async throws {
    let (_, profile, cache) = try await synced()
    try replace(.decision, in: cache) { value in
      guard case .decision(var decision) = value else { return nil }
      decision.verdict = .approve
      return .decision(decision)
    }
    #expect(try profile.audit().problems.contains { $0.contains("does not say what was signed") })
  }

  @Test func `a decision given to another member is found`() async throws {
    let (_, profile, cache) = try await synced()
    let other = try #require(MemberID(hex: String(repeating: "ab", count: 16)))
    try replace(.decision, in: cache) { value in
      guard case .decision(var decision) = value else { return nil }
      decision.member = other
      return .decision(decision)
    }
    #expect(try profile.audit().ok == false)
  }

  @Test func `an approval minted in what stands is found`() async throws {
    let (_, profile, cache) = try await synced()
    try replace(.subject, in: cache) { value in
      guard case .subject(var subject) = value, let head = subject.heads.first else { return nil }
      var standing = StandingDecision()
      standing.revision = head
      standing.verdict = .approve
      standing.member = profile.openIdentity.member
      subject.standing.append(standing)
      return .subject(subject)
    }
    #expect(try profile.audit().problems.contains { $0.contains("stands") })
  }

  @Test(arguments: [false, true])
  func `an own decision that does not stand any more is found, with its row and without`(_ isRowGone: Bool) async throws {
    let (_, profile, cache) = try await synced()
    try cache.tamper(.subject) { value in
      guard case .subject(var subject) = value, !subject.standing.isEmpty else { return .keep }
      subject.standing = []
      return .put(.subject(subject))
    }
    if isRowGone { try cache.tamper(.decision) { _ in .drop } }
    #expect(try profile.audit().problems.filter { $0.contains("does not stand") }.count == 1)
  }

  @Test func `an own decision that was replaced, taken back or overtaken by a new text is no problem`() async throws {
    let (world, profile, _) = try await synced()
    let post = try #require(try profile.list(SubjectQuery(states: ["rejected"])).first)
    _ = try profile.decide("hold", targets: [(post: post.post, revision: post.revision)], reason: "Not yet")
    _ = try await profile.sync()
    #expect(try profile.audit().problems == [])
    _ = try profile.withdrawDecision(post: post.post)
    _ = try await profile.sync()
    #expect(try profile.audit().problems == [])
    _ = try profile.decide("reject", targets: [(post: post.post, revision: post.revision)], reason: "No")
    _ = try await profile.sync()
    let editor = try world.open("editor")
    _ = try await editor.sync()
    _ = try editor.revise(post: post.post, edit: RevisionEdit(text: "Wash them twice."))
    _ = try await editor.sync()
    _ = try await profile.sync()
    #expect(try profile.audit().problems == [])
  }

  @Test func `content changed under its digest is found`() async throws {
    let (_, profile, cache) = try await synced()
    try replace(.revision, in: cache) { value in
      guard case .revision(var revision) = value else { return nil }
      revision.part[revision.part.count - 1] ^= 1
      return .revision(revision)
    }
    #expect(try profile.audit().problems.contains { $0.contains("not the content") })
  }

  @Test func `another post's text in place of a post's own is found`() async throws {
    let (_, profile, cache) = try await synced()
    let posts = try profile.list(SubjectQuery())
    let stolen = try #require(Digest(hex: posts[1].revision))
    try cache.tamper(.subject) { value in
      guard case .subject(var subject) = value, subject.id.hex == posts[0].post else { return .keep }
      subject.heads = [stolen]
      return .put(.subject(subject))
    }
    #expect(try profile.audit().problems.contains { $0.contains("is not a text of the post") })
  }

  @Test func `a device with another key is found`() async throws {
    let (_, profile, cache) = try await synced()
    let key = SigningKey.generate().publicKey
    try replace(.device, in: cache) { value in
      guard case .device(var device) = value, device.id != profile.deviceID else { return nil }
      device.publicKey = key
      return .device(device)
    }
    #expect(try profile.audit().ok == false)
  }

  @Test(arguments: ["record", "envelope", "signature", "proof", "size"])
  func `changed evidence is found`(_ piece: String) async throws {
    let (_, profile, cache) = try await synced()
    var rows: [EvidenceRow] = []
    try cache.allEvidence { rows.append($0) }
    var row = try #require(rows.last { $0.inclusion.count > 0 })
    func flipped(_ bytes: [UInt8]) -> [UInt8] { Array(bytes.dropLast()) + [(bytes.last ?? 0) ^ 1] }
    switch piece {
    case "record": row.leafRecord = flipped(row.leafRecord)
    case "envelope": row.envelope = SignedEnvelope(bytes: flipped(row.envelope.bytes), signature: row.envelope.signature)
    case "signature":
      let signature = try #require(Signature(flipped(row.envelope.signature.bytes)))
      row.envelope = SignedEnvelope(bytes: row.envelope.bytes, signature: signature)
    case "proof": row.inclusion[0] = .zero
    default: row.size += 1
    }
    try cache.append(evidence: [row])
    #expect(try profile.audit().ok == false)
  }

  @Test func `what has no evidence here yet is counted: not proved, and not wrong`() async throws {
    let (_, profile, cache) = try await synced()
    #expect(try profile.audit().awaitingProof == 0)
    try replace(.decision, in: cache) { value in
      guard case .decision(var decision) = value else { return nil }
      decision.ledgerIndex = 1_000_000
      return .decision(decision)
    }
    let report = try profile.audit()
    #expect(!report.ok && report.problems.isEmpty && report.awaitingProof == 1)
  }

  @Test func `evidence that does not hold is a problem, and not counted as missing`() async throws {
    let (_, profile, cache) = try await synced()
    var rows: [EvidenceRow] = []
    try cache.allEvidence { rows.append($0) }
    for index in rows.indices { rows[index].size += 1_000_000 }
    try cache.append(evidence: rows)
    let report = try profile.audit()
    #expect(!report.ok && report.awaitingProof == 0)
  }

  @Test func `a root that is not expected is told`() async throws {
    let (_, profile, _) = try await synced()
    #expect(try profile.audit(expectedRoot: String(repeating: "0", count: 64)).problems.contains { $0.contains("root") })
    #expect(throws: ClientError(.badInput, "")) { try profile.audit(expectedRoot: "short") }
  }

  @Test func `checkpoints that contradict each other are found`() async throws {
    let (world, profile, _) = try await synced()
    let newest = try #require(try profile.outbox.checkpoints().last?.checkpoint)
    let forged = Checkpoint(origin: newest.origin, size: newest.size, root: SHA256.hash([1]))
    let note = forged.signed(by: world.identity.signingKey, name: world.identity.name)
    let seen = SeenCheckpoint(origin: newest.origin, size: newest.size, root: forged.root)
    try profile.outbox.append(checkpoint: SeenNote(checkpoint: seen, note: note, seenMilliseconds: 1))
    #expect(try profile.audit().problems.contains { $0.contains("two histories") })
  }
}
