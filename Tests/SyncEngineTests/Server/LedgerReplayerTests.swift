// Deciding a ledger again whose words were erased since: what can be decided is, the rest is taken from the record, and only what
// an erasure names may be missing.
import ReviewModel
import ReviewRules
import Storage
import SyncProtocol
import Testing
import Trust

@testable import SyncEngine

@Suite struct LedgerReplayerTests {
  private var bench: LedgerBench
  private let campaign: CampaignID
  private let post: SubjectID
  private let first: Digest

  init() throws {
    bench = try LedgerBench()
    campaign = try identifier(40)
    post = try identifier(41)
    let (create, name) = LedgerBench.campaign(campaign)
    try Self.apply(create, name, &bench)
    let (item, parts) = LedgerBench.item(
      try identifier(42), post: post, campaign: campaign, author: bench.admin.member, submits: true)
    try Self.apply(item, parts, &bench)
    first = parts[1].digest
  }

  @discardableResult
  private static func apply(_ mutation: Mutation, _ parts: [Part], _ bench: inout LedgerBench) throws -> Outcome {
    let envelope = try bench.admin.verified(bench.admin.sign(mutation, parts: parts))
    return try #require(try bench.commit([envelope])[0].outcome)
  }

  /// A revision of the first one.
  private mutating func revise(_ text: String, base: Digest? = nil, salt byte: UInt8) throws -> Outcome {
    var content = RevisionContent()
    content.subject = post
    content.target = PostTarget(platform: "mastodon")
    content.authors = [bench.admin.member]
    content.parents = [base ?? first]
    content.text = text
    let part = Part.revision(content, salt: salt(byte))
    var body = Revise()
    body.subject = post
    body.base = base ?? first
    body.revision = part.digest
    return try Self.apply(.revise(body), [part], &bench)
  }

  private mutating func withdrawAndErase(_ revisions: [Digest]) throws {
    var withdrawal = Withdraw()
    withdrawal.subjects = [post]
    #expect(try Self.apply(.withdraw(withdrawal), [], &bench).status == .applied)
    let reason = Part.text("Asked for", kind: .reason, salt: salt(90))
    var body = Erase()
    body.targets = revisions.map { ErasureTarget(.revision($0)) }
    body.reason = reason.digest
    let outcome = try Self.apply(.erase(body), [reason], &bench)
    #expect(outcome.targets.allSatisfy { $0.status == .applied })
  }

  /// Replays everything; the entities that differ are compared as an audit does it.
  private func replay(
    without dropped: Set<Digest> = [], oldestRules: UInt32 = RulesEdition.firstVersion,
    _ lie: (UInt64, inout LeafRecord) -> Void = { _, _ in }
  ) throws -> (LedgerReplayer, [LedgerReplayer.Verdict]) {
    let again = MemoryTenantStore(tenant: bench.tenant, epoch: .zero)
    var replayer = LedgerReplayer(store: again, identity: bench.identity, oldestRules: oldestRules)
    var verdicts: [LedgerReplayer.Verdict] = []
    for entry in try bench.store.entries(from: 0, limit: .max) {
      let body = try entry.envelope.envelope().body
      let parts = try bench.store.parts(Mutation.partDigests(ofBody: body)).filter { !dropped.contains($0.key) }
      var record = try LeafRecord(canonical: entry.leafRecord)
      lie(entry.index, &record)
      verdicts.append(
        try replayer.decide(
          LedgerReplayer.Entry(
            index: entry.index, leafRecord: record.encoded(), envelope: entry.envelope, parts: parts.values.map(\.bytes)),
          record: record))
    }
    return (replayer, verdicts)
  }

  private func differences(_ replayer: LedgerReplayer) throws -> [EntityKey] {
    let scopes: [Scope] = [.tenant, .campaign(campaign), .campaignInternal(campaign)]
    return try scopes.flatMap { scope -> [EntityKey] in
      let request = PageRequest(
        scope: scope, after: 0, through: .max, byteLimit: .max, rowLimit: .max, includesDepartures: false)
      let again = try replayer.store.page(request).rows
      return try bench.store.page(request).rows.filter { row in
        !replayer.agrees(row.key, held: row.payload, expected: again.first { $0.key == row.key }?.payload)
      }.map(\.key)
    }
  }

  @Test mutating func `a merge whose words are all erased stands as it was recorded`() throws {
    let one = try #require(try revise("Get your flu shot now", salt: 20).targets[0].result)
    let other = try #require(try revise("Do get your flu shot", salt: 21).targets[0].result)
    #expect(other != one, "the second was merged")
    #expect(try revise("Get your flu shot", base: other, salt: 22).status == .applied, "and went on")
    let last = try #require(try revise("Get it", base: other, salt: 23).targets[0].result)
    let parts = try bench.store.entries(from: 0, limit: .max).flatMap {
      try Mutation.partDigests(ofBody: $0.envelope.envelope().body)
    }
    let revisions = try Set(bench.store.load(parts.map { .revision($0) }).keys.compactMap { Digest($0.id) }).union([
      other, last,
    ])
    try withdrawAndErase(revisions.sorted())
    let (replayer, verdicts) = try replay()
    #expect(verdicts.allSatisfy { $0 == .follows })
    #expect(replayer.unexplained.isEmpty)
    #expect(replayer.erasedCount > 3)
    #expect(try differences(replayer) == [])
    #expect(try bench.store.parts(Array(revisions)).isEmpty)
  }

  @Test mutating func `a merged revision that was not erased must still be what its digest says`() throws {
    let one = try #require(try revise("Get your flu shot now", salt: 20).targets[0].result)
    let merged = try #require(try revise("Do get your flu shot", salt: 21).targets[0].result)
    try withdrawAndErase([first, one])
    let (replayer, verdicts) = try replay()
    #expect(verdicts.allSatisfy { $0 == .follows } && replayer.unexplained.isEmpty)
    #expect(try differences(replayer) == [])
    let held = try #require(try bench.store.load([.revision(merged)])[.revision(merged)]).payload
    var forged = try RevisionEntity(canonical: held)
    forged.part[40] ^= 1
    let again = try replayer.store.load([.revision(merged)])[.revision(merged)]?.payload
    #expect(replayer.agrees(.revision(merged), held: held, expected: again))
    #expect(!replayer.agrees(.revision(merged), held: forged.encoded(), expected: again))
  }

  @Test mutating func `what was refused for its words stays refused without them`() throws {
    #expect(try revise("Get your flu shot", salt: 20).code == .nothingChanged)
    try withdrawAndErase([first])
    let (replayer, verdicts) = try replay()
    #expect(verdicts.allSatisfy { $0 == .follows } && replayer.unexplained.isEmpty)
    #expect(try differences(replayer) == [])
  }

  @Test mutating func `a part that is missing and was not erased is found`() throws {
    _ = try revise("Get your flu shot now", salt: 20)
    let (replayer, verdicts) = try replay(without: [first])
    #expect(verdicts.allSatisfy { $0 == .follows }, "its absence changes no record")
    #expect(replayer.unexplained.map(\.digest) == [first])
    #expect(try replay().0.unexplained.isEmpty && replay().0.erasedCount == 0)
  }

  @Test mutating func `a change that was refused because a part never came is no erasure`() throws {
    var body = Revise()
    body.subject = post
    body.base = first
    body.revision = SHA256.hash(Array("never sent".utf8))
    #expect(try Self.apply(.revise(body), [], &bench).code == .partMissing)
    let (replayer, verdicts) = try replay()
    #expect(verdicts.allSatisfy { $0 == .follows } && replayer.unexplained.isEmpty)
  }

  @Test mutating func `only what words decide is taken from the record`() throws {
    let revised = try bench.store.state().ledgerSize
    let one = try #require(try revise("Get your flu shot now", salt: 20).targets[0].result)
    try withdrawAndErase([first])
    let forged = SHA256.hash(Array("the server's own text".utf8))
    let lies: [(inout LeafRecord) -> Void] = [
      { $0.outcome = .applied(result: forged) }, { $0.outcome = .applied() }, { $0.outcome = .rejected(.withdrawn) },
      { $0.outcome = .rejected(.unknownBase) }, { $0.outcome = .rejected(.notPermitted) },
      {
        $0.outcome = .rejected(.partMismatch)
        $0.touched.append(TouchedEntity(key: .member(.zero), previousIndex: nil))
      },
    ]
    for (place, lie) in lies.enumerated() {
      let (_, verdicts) = try replay { index, record in if index == revised { lie(&record) } }
      #expect(verdicts[Int(revised)] != .follows, "lie \(place) about \(one)")
    }
  }

  @Test mutating func `what was erased may not have words, nor its part be there`() throws {
    let held = try #require(try bench.store.load([.revision(first)])[.revision(first)]).payload
    let part = try #require(try bench.store.parts([first])[first])
    try withdrawAndErase([first])
    let (replayer, _) = try replay()
    let again = try replayer.store.load([.revision(first)])[.revision(first)]?.payload
    #expect(!replayer.agrees(.revision(first), held: held, expected: again))
    #expect(replayer.kept.isEmpty)
    var batch = CommitBatch(expected: try bench.store.state(), next: try bench.store.state())
    batch.parts = [part]
    try bench.store.write(batch)
    #expect(try replay().0.kept.map(\.digest) == [first])
  }

  private func stageOfOneItem() throws -> (Mutation, [Part]) {
    let (creation, parts) = LedgerBench.item(
      try identifier(52), post: try identifier(53), campaign: campaign, author: bench.admin.member, submits: false)
    guard case .createItem(let created) = creation else { throw BenchError() }
    var body = StageBatch()
    body.batch = try identifier(54)
    body.items = [created.item]
    return (.stageBatch(body), parts)
  }

  @Test(arguments: [false, true])
  mutating func `a stage that has expired comes again, whether the server has forgotten it or not`(isForgotten: Bool) throws {
    let (stage, parts) = try stageOfOneItem()
    #expect(try Self.apply(stage, parts, &bench).status == .staged)
    #expect(try Self.apply(stage, parts, &bench).code == .idTaken)
    bench.now += StageEntity.lifetimeMilliseconds
    if isForgotten { try bench.store.discard(StoreDiscard(departuresThrough: 0, stagesThrough: .max)) }
    #expect(try Self.apply(stage, parts, &bench).status == .staged)
    let (replayer, verdicts) = try replay()
    #expect(verdicts.allSatisfy { $0 == .follows } && replayer.unexplained.isEmpty)
    #expect(try differences(replayer) == [])
  }

  @Test mutating func `what was set aside as the server's fault follows, also when it came again`() throws {
    let (mutation, parts) = LedgerBench.campaign(try identifier(50))
    let id: MutationID = try identifier(51)
    let first = try bench.admin.verified(bench.admin.sign(mutation, parts: parts, mutationID: id))
    bench.committer = LedgerCommitter(
      store: bench.store, identity: bench.identity,
      suspects: [DecidingMarker(hash: first.signed.hash, crashCount: LedgerLimits.crashesUntilParked)])
    #expect(try bench.commit([first])[0].outcome?.code == .serverFault)
    let again = try bench.admin.verified(bench.admin.sign(mutation, parts: parts, mutationID: id))
    let repeated = try #require(try bench.commit([again])[0].outcome)
    #expect(repeated.code == .serverFault && repeated.duplicateOf != nil)
    let (replayer, verdicts) = try replay()
    #expect(verdicts.allSatisfy { $0 == .follows } && replayer.unexplained.isEmpty)
  }

  // MARK: Kinds that were not known

  @Test mutating func `a kind that came with later rules may have been refused by earlier ones`() throws {
    let (mutation, parts) = LedgerBench.campaign(try identifier(50))
    bench.committer.edition.version = Rules.version - 1
    bench.committer.edition.unknownKinds = [mutation.fieldNumber]
    #expect(try Self.apply(mutation, parts, &bench).code == .unsupported)
    bench.committer.edition = RulesEdition()
    #expect(try Self.apply(mutation, parts, &bench).status == .applied)
    #expect(try replay(oldestRules: Rules.version - 1).1.allSatisfy { $0 == .follows })
  }

  private mutating func veto() throws -> UInt64 {
    let reason = Part.text("The dose is wrong", kind: .reason, salt: salt(60))
    var target = DecisionTarget()
    target.decision = try identifier(61)
    target.subject = post
    target.revision = first
    var body = Decide()
    body.verdict = .reject
    body.reason = reason.digest
    body.targets = [target]
    let envelope = try bench.reviewer.verified(bench.reviewer.sign(.decide(body), parts: [reason]))
    let answer = try #require(try bench.commit([envelope])[0].answer)
    #expect(answer.outcome.status == .applied)
    return answer.answered.ledgerIndex
  }

  @Test mutating func `a kind that the named rules know was not refused for its kind`() throws {
    let vetoed = try veto()
    let revoked = try bench.store.state().ledgerSize
    var revocation = RevokeDevice()
    revocation.device = bench.reviewer.id
    #expect(try Self.apply(.revokeDevice(revocation), [], &bench).status == .applied)
    // The last of each: no program had such rules.
    let lies = [(vetoed, Rules.version), (vetoed, Rules.version - 1), (revoked, Rules.version), (revoked, Rules.version - 1)]
    for (place, version) in lies {
      let (_, verdicts) = try replay { index, record in
        guard index == place else { return }
        record.outcome = .rejected(.unsupported)
        record.touched = []
        record.rulesVersion = version
      }
      #expect(verdicts[Int(place)] == .differs(.applied), "entry \(place) under version \(version)")
    }
  }
}
