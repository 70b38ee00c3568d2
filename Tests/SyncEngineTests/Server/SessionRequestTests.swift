// Fetch, proofs and repairs: what is asked for, and nothing that may not be seen.
import ReviewModel
import Storage
import SyncProtocol
import Testing
import Trust

@testable import SyncEngine

@Suite struct SessionRequestTests {
  private let campaign: CampaignID
  private let secret: CampaignID
  private let post: SubjectID
  private let draft: SubjectID
  private let bench: LedgerBench

  /// A campaign of everybody with a submitted post and an internal one, and a campaign of nobody.
  init() throws {
    campaign = try identifier(9)
    secret = try identifier(8)
    post = try identifier(31)
    draft = try identifier(33)
    var bench = try LedgerBench()
    let author = bench.admin.member
    for (mutation, parts) in [
      LedgerBench.campaign(campaign), LedgerBench.campaign(secret, everyone: false),
      LedgerBench.item(try identifier(30), post: post, campaign: campaign, author: author, submits: true),
      LedgerBench.item(try identifier(32), post: draft, campaign: campaign, author: author, submits: false),
    ] {
      try bench.expectApplied(try bench.commit([bench.admin.verified(bench.admin.sign(mutation, parts: parts))])[0])
    }
    self.bench = bench
  }

  private func openReviewer() throws -> SessionBench {
    let session = SessionBench(bench)
    _ = try session.open(bench.reviewer)
    return session
  }

  @Test func `entities are brought by name, and those of other scopes are not there`() throws {
    let session = try openReviewer()
    let keys: [EntityKey] = [.subject(post), .subject(draft), .campaign(secret), .subject(try identifier(99))]
    try session.receive(.fetch(Fetch(request: 7, keys: keys, wantsWaiting: false)))
    let answers = session.take().entities
    #expect(answers.last?.isLast == true && answers.allSatisfy { $0.request == 7 })
    #expect(answers.flatMap(\.entries).map(\.entry.key) == [.subject(post)])
  }

  @Test func `what waits comes with its revision, item and campaign, until it is decided`() throws {
    let session = try openReviewer()
    try session.receive(.fetch(Fetch(request: 1, keys: [], wantsWaiting: true)))
    let entries = session.take().entities.flatMap(\.entries)
    #expect(Set(entries.map(\.entry.key.kind)) == [.campaign, .subject, .revision, .item])
    let payload = try #require(entries.first { $0.entry.key == .subject(post) }?.entry.payload)
    let revision = try #require(SubjectEntity(tolerating: payload).heads.first)
    var target = DecisionTarget()
    target.decision = try identifier(50)
    target.subject = post
    target.revision = revision
    var decide = Decide()
    decide.targets = [target]
    try session.receive(.push(Push(envelopes: [session.bench.reviewer.sign(.decide(decide))])))
    #expect(session.take().outcomes.count == 1)
    try session.receive(.fetch(Fetch(request: 2, keys: [], wantsWaiting: true)))
    let after = session.take().entities
    #expect(after.map(\.isLast) == [true] && after[0].entries.isEmpty)
  }

  @Test func `proofs are given for own entries and for what touches only what may be seen`() throws {
    let session = try openReviewer()
    let size = try bench.store.state().ledgerSize
    try session.receive(.proofs(ProofRequest(request: 3, size: size, indexes: Array(0..<size) + [size, 1 << 60])))
    let answers = session.take().proofs
    let proved = answers.flatMap(\.entries)
    let root = try StoredProof.root(size: size, source: StoreNodeSource(store: bench.store))
    for entry in proved {
      #expect(
        MerkleProof.verifyInclusion(
          leaf: MerkleHash.leaf(entry.leafRecord), index: entry.index, size: size, proof: entry.inclusion, root: root))
      #expect(entry.parts.isEmpty)
    }
    // The reviewer's enrolment and the submitted post; not the secret campaign (6) and not the internal post (8).
    let indexes = Set(proved.map(\.index))
    #expect(indexes.isSuperset(of: [4, 7]) && indexes.isDisjoint(with: [6, 8]))
    #expect(Set(answers.flatMap(\.refused)).isSuperset(of: [6, 8, size, 1 << 60]))
  }

  @Test func `a batch that is not imported is proved to its own author alone`() throws {
    var bench = self.bench
    let (item, parts) = LedgerBench.item(
      try identifier(34), post: try identifier(35), campaign: secret, author: bench.admin.member, submits: false)
    guard case .createItem(let create) = item else { throw BenchError() }
    var stage = StageBatch()
    stage.batch = try identifier(36)
    stage.items = [create.item]
    let envelope = try bench.admin.verified(bench.admin.sign(.stageBatch(stage), parts: parts))
    let answer = try #require(try bench.commit([envelope])[0].answer)
    #expect(answer.outcome.status == .staged)
    for (device, isAuthor) in [(bench.admin, true), (bench.reviewer, false)] {
      let session = SessionBench(bench)
      _ = try session.open(device)
      let size = try bench.store.state().ledgerSize
      try session.receive(.proofs(ProofRequest(request: 3, size: size, indexes: [answer.answered.ledgerIndex])))
      #expect(session.take().proofs.flatMap(\.entries).isEmpty == !isAuthor)
    }
  }

  @Test func `a range is for admins, and comes with parts`() throws {
    let reviewer = try openReviewer()
    try reviewer.receive(.proofs(ProofRequest(request: 4, size: 9, indexes: [], rangeStart: 0, rangeCount: 9)))
    #expect(reviewer.take().proofs.map(\.entries.count) == [0])
    let admin = SessionBench(bench)
    _ = try admin.open(bench.admin)
    try admin.receive(.proofs(ProofRequest(request: 5, size: 9, indexes: [], rangeStart: 0, rangeCount: 100)))
    let answers = admin.take().proofs
    #expect(answers.flatMap(\.entries).map(\.index) == Array(0..<9))
    #expect(answers.flatMap(\.entries).map(\.parts.count) == [1, 1, 1, 1, 1, 1, 1, 2, 2])
    #expect(answers.last?.isLast == true)
  }

  @Test func `a repair brings the leaves that differ`() throws {
    let session = try openReviewer()
    let (_, digest) = try bench.store.digest(.tenant)
    var leaves = digest.leaves
    let damaged = ScopeDigest.leaf(of: .member(bench.admin.member))
    leaves[Int(damaged)] = SHA256.hash([1])
    try session.receive(.repair(Repair(scope: .tenant, cursor: 1, leaves: leaves)))
    let pages = session.take().repairs
    #expect(pages.map(\.leaves) == [[damaged]] && pages.last?.isLast == true)
    #expect(pages.flatMap(\.entries).contains { $0.key == .member(bench.admin.member) && $0.payload != nil })
    try session.receive(.repair(Repair(scope: .tenant, cursor: 1, leaves: digest.leaves)))
    #expect(session.take().repairs.map(\.leaves) == [[]])
    try session.receive(.repair(Repair(scope: .campaign(secret), cursor: 1, leaves: leaves)))
    #expect(session.take().closedScopes == [.campaign(secret)])
  }

  @Test func `requests are answered one after the other, and too many end the session`() throws {
    let session = try openReviewer()
    session.holdsReads = true
    for number in UInt32(0)..<17 {
      try session.receive(.fetch(Fetch(request: number, keys: [.subject(post)], wantsWaiting: false)))
    }
    #expect(session.held.count == 1 && session.goodbye == nil)
    try session.receive(.fetch(Fetch(request: 99, keys: [], wantsWaiting: false)))
    #expect(session.goodbye?.code == .rateLimited)
    let patient = try openReviewer()
    for number in UInt32(0)..<17 {
      try patient.receive(.fetch(Fetch(request: number, keys: [.subject(post)], wantsWaiting: false)))
    }
    #expect(patient.take().entities.map(\.request) == Array(0..<17))
  }
}
