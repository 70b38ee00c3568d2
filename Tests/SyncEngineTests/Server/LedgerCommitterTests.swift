// Exactly once, in order, by the rules: what the committer answers, and what it writes.
import ReviewModel
import Storage
import SyncProtocol
import Testing
import Trust

@testable import SyncEngine

@Suite struct LedgerCommitterTests {
  @Test func `an envelope is decided once, and the same again gets the stored outcome`() throws {
    var bench = try LedgerBench()
    let (mutation, parts) = LedgerBench.campaign(try identifier(9))
    let envelope = try bench.admin.verified(bench.admin.sign(mutation, parts: parts))
    let first = try bench.commit([envelope])[0]
    let size = try bench.store.state().ledgerSize
    let again = try bench.commit([envelope])[0]
    #expect(first.outcome?.status == .applied)
    #expect(first.answer?.isNew == true && again.answer?.isNew == false)
    #expect(first.answer?.answered == again.answer?.answered && first.answer?.receipt == again.answer?.receipt)
    #expect(try bench.store.state().ledgerSize == size)
  }

  @Test func `the same envelope twice in one group is decided once`() throws {
    var bench = try LedgerBench()
    let (mutation, parts) = LedgerBench.campaign(try identifier(9))
    let envelope = try bench.admin.verified(bench.admin.sign(mutation, parts: parts))
    let results = try bench.commit([envelope, envelope])
    #expect(results[0].answer?.answered == results[1].answer?.answered)
    #expect(results[0].answer?.isNew == true && results[1].answer?.isNew == false)
    #expect(try bench.store.entries(from: 0, limit: 100).filter { $0.device == bench.admin.id }.count == 2)
  }

  @Test func `another envelope under a decided number is a fork`() throws {
    var bench = try LedgerBench()
    var copy = bench.admin
    let (one, parts) = LedgerBench.campaign(try identifier(9))
    let (two, _) = LedgerBench.campaign(try identifier(8))
    try bench.commit([bench.admin.verified(bench.admin.sign(one, parts: parts))])
    #expect(try bench.commit([copy.verified(copy.sign(two, parts: parts))]) == [.forked])
  }

  @Test func `an envelope that continues another chain is a fork`() throws {
    var bench = try LedgerBench()
    var copy = bench.admin
    let (one, parts) = LedgerBench.campaign(try identifier(9))
    let (two, _) = LedgerBench.campaign(try identifier(8))
    try bench.commit([bench.admin.verified(bench.admin.sign(one, parts: parts))])
    _ = try copy.sign(two, parts: parts)
    #expect(try bench.commit([copy.verified(copy.sign(one, parts: parts))]) == [.forked])
  }

  @Test func `a gap is a gap and consumes nothing`() throws {
    var bench = try LedgerBench()
    let (mutation, parts) = LedgerBench.campaign(try identifier(9))
    let size = try bench.store.state().ledgerSize
    #expect(try bench.commit([bench.admin.verified(bench.admin.sign(mutation, parts: parts, number: 7))]) == [.numberGap])
    #expect(try bench.store.state().ledgerSize == size)
  }

  @Test func `a refusal consumes its number and is in the ledger`() throws {
    var bench = try LedgerBench()
    let (mutation, parts) = LedgerBench.campaign(try identifier(9))
    let refused = try bench.commit([bench.reviewer.verified(bench.reviewer.sign(mutation, parts: parts))])[0]
    #expect(refused.outcome?.status == .rejected && refused.outcome?.code == .notPermitted)
    #expect(try bench.store.lanes(of: bench.reviewer.id)[1]?.number == 2)
    #expect(try bench.store.load([.campaign(identifier(9))]).isEmpty)
  }

  @Test func `a mutation that comes again under another number repeats its outcome`() throws {
    var bench = try LedgerBench()
    let id: MutationID = try identifier(77)
    let (mutation, parts) = LedgerBench.campaign(try identifier(9))
    let first = try bench.commit([bench.admin.verified(bench.admin.sign(mutation, parts: parts, mutationID: id))])[0]
    let again = try bench.commit([bench.admin.verified(bench.admin.sign(mutation, parts: parts, mutationID: id))])[0]
    #expect(again.outcome?.status == .applied)
    #expect(again.outcome?.duplicateOf == first.answer?.answered.ledgerIndex)
    #expect(again.answer?.answered.number == 3)
  }

  @Test func `a mutation id with another body is refused`() throws {
    var bench = try LedgerBench()
    let id: MutationID = try identifier(77)
    let (one, parts) = LedgerBench.campaign(try identifier(9))
    let (two, _) = LedgerBench.campaign(try identifier(8))
    try bench.commit([bench.admin.verified(bench.admin.sign(one, parts: parts, mutationID: id))])
    let other = try bench.commit([bench.admin.verified(bench.admin.sign(two, parts: parts, mutationID: id))])[0]
    #expect(other.outcome?.code == .idReused)
    // The same body by another member is no repeat either.
    let stranger = try bench.commit([bench.reviewer.verified(bench.reviewer.sign(one, parts: parts, mutationID: id))])[0]
    #expect(stranger.outcome?.code == .idReused)
  }

  @Test func `what a revoked device sends is parked, and its lane goes on`() throws {
    var bench = try LedgerBench()
    var revoke = RevokeDevice()
    revoke.device = bench.reviewer.id
    try bench.expectApplied(try bench.commit([bench.admin.verified(bench.admin.sign(.revokeDevice(revoke)))])[0])
    let (mutation, parts) = LedgerBench.campaign(try identifier(9))
    let parked = try bench.commit([bench.reviewer.verified(bench.reviewer.sign(mutation, parts: parts))])[0]
    #expect(parked.outcome?.status == .parked && parked.outcome?.code == .deviceRevoked)
    #expect(try bench.store.lanes(of: bench.reviewer.id)[1]?.number == 2)
  }

  @Test func `lane 0 is decided first`() throws {
    var bench = try LedgerBench()
    var revoke = RevokeDevice()
    revoke.device = bench.reviewer.id
    let (mutation, parts) = LedgerBench.campaign(try identifier(9))
    let ordinary = try bench.reviewer.verified(bench.reviewer.sign(mutation, parts: parts))
    let safety = try bench.admin.verified(bench.admin.sign(.revokeDevice(revoke)))
    let results = try bench.commit([ordinary, safety])
    #expect(results[0].outcome?.code == .deviceRevoked)
    #expect(results[1].outcome?.status == .applied)
  }

  @Test func `a mutation in the wrong lane is malformed`() throws {
    var bench = try LedgerBench()
    var revoke = RevokeDevice()
    revoke.device = bench.reviewer.id
    let result = try bench.commit([bench.admin.verified(bench.admin.sign(.revokeDevice(revoke), lane: 1))])[0]
    #expect(result.outcome?.code == .malformed)
  }

  @Test func `a stranger leaves no trace`() throws {
    var bench = try LedgerBench()
    var stranger = try BenchDevice(seed: 99, member: identifier(66), tenant: bench.tenant)
    let size = try bench.store.state().ledgerSize
    let (mutation, parts) = LedgerBench.campaign(try identifier(9))
    #expect(try bench.commit([stranger.verified(stranger.sign(mutation, parts: parts))]) == [.refused(.notAMember)])
    var other = try BenchDevice(seed: 98, member: identifier(66), tenant: bench.tenant)
    let (enrolment, part) = bench.enrolment(of: other, with: try requireKey(150))
    let refused = try bench.commit([other.verified(other.sign(enrolment, parts: [part]))])
    #expect(refused == [.refused(.invitationInvalid)])
    #expect(try bench.store.state().ledgerSize == size)
  }

  @Test func `a foreign history is noted as a dispute and nothing else`() throws {
    var bench = try LedgerBench()
    let root = try StoredProof.root(size: 3, source: StoreNodeSource(store: bench.store))
    bench.admin.checkpoint = SeenCheckpoint(origin: bench.identity.origin, size: 3, root: root)
    let (one, parts) = LedgerBench.campaign(try identifier(9))
    let fine = try bench.commit([bench.admin.verified(bench.admin.sign(one, parts: parts))])[0]
    #expect(fine.outcome?.isCheckpointDisputed == false)
    bench.admin.checkpoint.root = SHA256.hash([1])
    let (two, _) = LedgerBench.campaign(try identifier(8))
    let disputed = try bench.commit([bench.admin.verified(bench.admin.sign(two, parts: parts))])[0]
    #expect(disputed.outcome?.isCheckpointDisputed == true && disputed.outcome?.status == .applied)
    bench.admin.checkpoint = SeenCheckpoint(origin: "another/log", size: 3, root: root)
    let (three, _) = LedgerBench.campaign(try identifier(7))
    #expect(
      try bench.commit([bench.admin.verified(bench.admin.sign(three, parts: parts))])[0].outcome?.isCheckpointDisputed == true)
  }

  @Test func `the tree holds every leaf, and touched entities are chained`() throws {
    var bench = try LedgerBench()
    let (mutation, parts) = LedgerBench.campaign(try identifier(9))
    let answer = try #require(try bench.commit([bench.admin.verified(bench.admin.sign(mutation, parts: parts))])[0].answer)
    let state = try bench.store.state()
    let source = StoreNodeSource(store: bench.store)
    let root = try StoredProof.root(size: state.ledgerSize, source: source)
    for entry in try bench.store.entries(from: 0, limit: 100) {
      let proof = try StoredProof.inclusion(index: entry.index, size: state.ledgerSize, source: source)
      #expect(
        MerkleProof.verifyInclusion(
          leaf: MerkleHash.leaf(entry.leafRecord), index: entry.index, size: state.ledgerSize, proof: proof, root: root))
    }
    let record = try LeafRecord(canonical: answer.answered.leafRecord)
    let device = try #require(record.touched.first { $0.key == .device(bench.admin.id) })
    // The genesis, an invitation, and then the enrolment that touched the device first.
    #expect(device.previousIndex == 2)
    #expect(answer.answered.commitSeq == state.seq)
  }

  @Test func `a move between scopes is a departure and a version with a higher number`() throws {
    var bench = try LedgerBench()
    let campaign: CampaignID = try identifier(9)
    let post: SubjectID = try identifier(31)
    let (one, parts) = LedgerBench.campaign(campaign)
    try bench.commit([bench.admin.verified(bench.admin.sign(one, parts: parts))])
    let (two, itemParts) = LedgerBench.item(
      try identifier(30), post: post, campaign: campaign, author: bench.admin.member, submits: false)
    try bench.expectApplied(try bench.commit([bench.admin.verified(bench.admin.sign(two, parts: itemParts))])[0])
    let state = try bench.store.state()
    let internalRow = try #require(try bench.store.load([.subject(post)])[.subject(post)])
    #expect(internalRow.scope == .campaignInternal(campaign))
    var submit = Submit()
    submit.targets = [RevisionTarget(subject: post, revision: itemParts[1].digest)]
    try bench.expectApplied(try bench.commit([bench.admin.verified(bench.admin.sign(.submit(submit)))])[0])
    let departures = try bench.store.page(
      PageRequest(
        scope: .campaignInternal(campaign), after: state.seq, through: .max >> 1, byteLimit: 1 << 20, rowLimit: 100,
        includesDepartures: true))
    let departure = try #require(departures.rows.first { $0.key == .subject(post) })
    let moved = try #require(try bench.store.load([.subject(post)])[.subject(post)])
    #expect(departure.payload == nil && moved.scope == .campaign(campaign) && moved.seq > departure.seq)
  }

  @Test func `one suspect that dies alone twice is parked, and the others are not`() throws {
    var bench = try LedgerBench()
    let (one, parts) = LedgerBench.campaign(try identifier(9))
    let (two, _) = LedgerBench.campaign(try identifier(8))
    let poison = try bench.admin.verified(bench.admin.sign(one, parts: parts))
    let fine = try bench.admin.verified(bench.admin.sign(two, parts: parts))
    bench.committer = LedgerCommitter(
      store: bench.store, identity: bench.identity,
      suspects: [
        DecidingMarker(hash: poison.signed.hash, crashCount: 3), DecidingMarker(hash: fine.signed.hash, crashCount: 1),
      ])
    #expect(bench.committer.isSuspect(poison.signed.hash) && bench.committer.isSuspect(fine.signed.hash))
    let results = try bench.commit([poison]) + bench.commit([fine])
    #expect(results[0].outcome?.status == .parked && results[0].outcome?.code == .serverFault)
    #expect(results[1].outcome?.status == .applied)
    #expect(!bench.committer.hasSuspects)
  }

  @Test func `a suspect that repeats a change keeps the outcome that was given, parked or not`() throws {
    var bench = try LedgerBench()
    for (number, isPoisonFromTheFirst) in [(UInt8(9), false), (8, true)] {
      let (mutation, parts) = LedgerBench.campaign(try identifier(number))
      let id: MutationID = try identifier(100 + number)
      let sent = try (0..<2).map { _ in try bench.admin.verified(bench.admin.sign(mutation, parts: parts, mutationID: id)) }
      bench.committer = LedgerCommitter(
        store: bench.store, identity: bench.identity,
        suspects: sent.dropFirst(isPoisonFromTheFirst ? 0 : 1).map {
          DecidingMarker(hash: $0.signed.hash, crashCount: LedgerLimits.crashesUntilParked)
        })
      let first = try #require(try bench.commit([sent[0]])[0].answer)
      #expect(first.outcome.status == (isPoisonFromTheFirst ? .parked : .applied))
      let again = try #require(try bench.commit([sent[1]])[0].answer)
      #expect(again.outcome.duplicateOf == first.answered.ledgerIndex && again.outcome.status == first.outcome.status)
    }
  }
}
