// Watches every commit: gapless lanes, hash chains, one outcome a mutation, ascending numbers; decisions that stay with the
// content they were made on; nobody who approves what he wrote. A second, plain way to see it, not the rules' own.
import ReviewModel
import ReviewRules
import Storage
import Trust

final class LedgerAudit {
  private struct Lane: Hashable {
    let device: Digest
    let lane: UInt32
  }

  private let context: SimulationContext
  /// Found while a commit was noted; thrown at the next chance.
  private(set) var violation: Violation?
  private(set) var leaves: [Digest] = []
  private var lanes: [Lane: LanePosition] = [:]
  private var firstEntries: [MutationID: (index: UInt64, body: Digest)] = [:]
  private var seq: UInt64 = 0
  /// What each decision was made on, and by whom, as its envelope says.
  private var decided: [DecisionID: (revision: Digest, member: MemberID)] = [:]
  private var authors: [Digest: Set<MemberID>] = [:]
  /// Commits that the store refused since the last one that it took: a disk may hold the last of them all the same.
  private var uncertain: [CommitBatch] = []

  init(context: SimulationContext) { self.context = context }

  func note(_ batch: CommitBatch) {
    // Two histories cannot be watched as one.
    guard violation == nil, !context.excuses.hasRolledBack else { return }
    uncertain = []
    do {
      for entry in batch.entries { try note(entry) }
      for part in batch.parts { note(part) }
      for write in batch.writes { try note(write) }
    } catch let found as Violation {
      violation = found
    } catch {
      violation = Violation(.storeFailed, "a commit cannot be read: \(error)")
    }
  }

  /// A refused commit must have changed nothing, as far as this process can see.
  func noteFailure(_ batch: CommitBatch, found: TenantState?) {
    guard violation == nil, !context.excuses.hasRolledBack else { return }
    uncertain.append(batch)
    guard let found, found.seq != seq || found.ledgerSize != UInt64(leaves.count) else { return }
    violation = Violation(.storeFailed, "a refused commit has moved the store to entry \(found.ledgerSize)")
  }

  /// After a crash: a commit that was refused, or never answered, is there whole or not at all.
  func findUncertain(in store: FaultyTenantStore) throws {
    let size = try store.state().ledgerSize
    guard size > UInt64(leaves.count), let last = try store.entry(index: size - 1) else { return }
    let found = uncertain.first { $0.next.ledgerSize == size && $0.entries.last?.leafHash == last.leafHash }
    if let found { note(found) }
  }

  private func note(_ entry: LedgerEntry) throws {
    let envelope = try entry.envelope.envelope()
    guard entry.index == UInt64(leaves.count) else {
      throw Violation(.laneBroken, "entry \(entry.index) follows entry \(leaves.count)")
    }
    leaves.append(SHA256.hash([0] + entry.leafRecord))
    let lane = Lane(device: entry.device, lane: entry.lane)
    let last = lanes[lane] ?? LanePosition(number: 0, hash: .zero)
    guard envelope.number == last.number + 1, envelope.previousHash == last.hash else {
      throw Violation(.laneBroken, "entry \(entry.index): number \(envelope.number) follows \(last.number)")
    }
    lanes[lane] = LanePosition(number: envelope.number, hash: entry.envelope.hash)
    let outcome = try LeafRecord(canonical: entry.leafRecord).outcome
    if let first = firstEntries[entry.mutationID] {
      context.totals.duplicates += 1
      guard outcome.duplicateOf == first.index || outcome.code == .idReused || outcome.code == .serverFault else {
        throw Violation(.appliedTwice, "\(entry.mutationID) was decided in entries \(first.index) and \(entry.index)")
      }
    } else {
      firstEntries[entry.mutationID] = (entry.index, entry.bodyDigest)
    }
    context.totals.ledgerEntries += 1
    guard case .known(let mutation) = try? Mutation.decode(envelope.body) else { return }
    if case .decide(let body) = mutation {
      for target in body.targets where decided[target.decision] == nil {
        decided[target.decision] = (target.revision, entry.member)
      }
    }
  }

  private func note(_ part: Part) {
    guard part.kind == .revision, let content = try? RevisionContent(canonical: part.content) else { return }
    authors[part.digest] = Set(content.authors)
  }

  private func note(_ write: EntityWrite) throws {
    guard write.seq > seq else { throw Violation(.laneBroken, "change \(write.seq) follows \(seq)") }
    seq = write.seq
    guard write.key.kind == .subject, let payload = write.payload else { return }
    let subject = try SubjectEntity(canonical: payload)
    for standing in subject.standing {
      guard let made = decided[standing.decision], made.revision == standing.revision, made.member == standing.member else {
        throw Violation(.decisionMoved, "decision \(standing.decision) stands on what it was not made on")
      }
    }
    guard SubjectState.derive(from: subject) == .approved, let head = subject.heads.first, subject.heads.count == 1 else {
      return
    }
    let approvers = Set(subject.standing.filter { $0.revision == head && $0.verdict == .approve }.map(\.member))
    let required = Int(subject.submission?.policy.approvals ?? 1)
    guard approvers.subtracting(authors[head] ?? []).count >= required else {
      throw Violation(.selfApproved, "subject \(subject.id) counts as approved without enough others")
    }
  }

  func holds(_ mutation: MutationID) -> Bool { firstEntries[mutation] != nil }

  // MARK: The whole

  /// The tree's root by the definition of RFC 6962, and the store's entries against what was watched.
  func compare(with store: FaultyTenantStore) throws {
    if let violation { throw violation }
    let state = try store.state()
    guard state.ledgerSize == UInt64(leaves.count), state.seq == seq else {
      throw Violation(
        .acknowledgedLost,
        "the store is at entry \(state.ledgerSize) and change \(state.seq), commits went to \(leaves.count) and \(seq)")
    }
    let root = try SessionRoot.root(of: store, origin: "")
    guard root == Self.root(leaves[...]) else { throw Violation(.treeBroken, "the root of \(leaves.count) entries is another") }
    try context.answers.compare(with: store)
  }

  static func root(_ leaves: ArraySlice<Digest>) -> Digest {
    if leaves.isEmpty { return SHA256.hash([UInt8]()) }
    if leaves.count == 1 { return leaves[leaves.startIndex] }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let middle = leaves.startIndex + split
    return SHA256.hash([1] + root(leaves[..<middle]).bytes + root(leaves[middle...]).bytes)
  }
}
