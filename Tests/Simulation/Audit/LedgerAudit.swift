// Watches every commit: gapless lanes, hash chains, one outcome a mutation, ascending numbers, lane 0 first, and the tree. A
// second, plain way to see it: of the product it knows the values and SHA-256, nothing that decides, commits, hashes or proves.
import ReviewModel
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
  /// The entry that decided each mutation; one that did not know its kind gives way to the next.
  private var firstEntries: [MutationID: (index: UInt64, isUnsupported: Bool)] = [:]
  private var seq: UInt64 = 0
  private let subjects = SubjectAudit()
  let erasures = ErasureAudit()
  let revocations = RevocationAudit()
  let pauses = PauseAudit()
  let visibility = VisibilityAudit()
  private(set) var people = PlainPeople()
  /// Commits that the store refused since the last one that it took: a disk may hold the last of them all the same.
  private var uncertain: [CommitBatch] = []

  init(context: SimulationContext) { self.context = context }

  func note(_ batch: CommitBatch) {
    // Two histories cannot be watched as one.
    guard violation == nil, !context.excuses.hasRolledBack else { return }
    uncertain = []
    do {
      try checkOrder(batch.entries)
      for entry in batch.entries { try note(entry, writes: batch.writes) }
      for write in batch.writes where write.key.kind == .revision {
        if let payload = write.payload { try subjects.note(revision: payload) }
      }
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

  /// After a crash: a commit that was refused, or never answered, is there whole or not at all. Answers it if it is.
  func findUncertain(in store: FaultyTenantStore) throws -> CommitBatch? {
    let size = try store.state().ledgerSize
    guard size > UInt64(leaves.count), let last = try store.entry(index: size - 1) else { return nil }
    let found = uncertain.first { $0.next.ledgerSize == size && $0.entries.last?.leafHash == last.leafHash }
    if let found { note(found) }
    return found
  }

  private func note(_ entry: LedgerEntry, writes: [EntityWrite]) throws {
    let envelope = try entry.envelope.envelope()
    guard entry.index == UInt64(leaves.count) else {
      throw Violation(.laneBroken, "entry \(entry.index) follows entry \(leaves.count)")
    }
    try context.promises.check(envelope)
    leaves.append(SHA256.hash([0] + entry.leafRecord))
    let lane = Lane(device: entry.device, lane: entry.lane)
    let last = lanes[lane] ?? LanePosition(number: 0, hash: .zero)
    guard envelope.number == last.number + 1, envelope.previousHash == last.hash else {
      throw Violation(.laneBroken, "entry \(entry.index): number \(envelope.number) follows \(last.number)")
    }
    let hash = Self.hash(ofEnvelope: entry.envelope.bytes)
    guard hash == entry.envelope.hash else { throw Violation(.laneBroken, "entry \(entry.index) has another hash") }
    lanes[lane] = LanePosition(number: envelope.number, hash: hash)
    let outcome = try LeafRecord(canonical: entry.leafRecord).outcome
    if let first = firstEntries[entry.mutationID], !first.isUnsupported || outcome.code == .idReused {
      context.totals.duplicates += 1
      guard outcome.duplicateOf == first.index || outcome.code == .idReused else {
        throw Violation(.appliedTwice, "\(entry.mutationID) was decided in entries \(first.index) and \(entry.index)")
      }
    } else {
      firstEntries[entry.mutationID] = (entry.index, outcome.code == .unsupported)
    }
    context.totals.ledgerEntries += 1
    try revocations.check(outcome, entry: entry.index, of: entry.device)
    // A body that cannot be read says nothing about a subject.
    guard case .known(let mutation) = try? Mutation.decode(envelope.body) else { return }
    subjects.note(mutation, outcome, by: entry.member)
    try erasures.note(mutation, outcome, writes: writes)
    try weigh(mutation, outcome, by: entry.member, on: entry.device)
  }

  /// Whether who says it may, by what was so before this entry; then what follows from it.
  private func weigh(_ mutation: Mutation, _ outcome: Outcome, by member: MemberID, on device: Digest) throws {
    try RoleAudit.check(mutation, outcome, by: member, on: device, people)
    try pauses.note(mutation, outcome, by: member, people)
    try revocations.note(mutation, outcome, on: device)
    visibility.note(mutation, outcome)
    people.note(mutation, outcome)
  }

  /// What must not wait goes first in its commit.
  private func checkOrder(_ entries: [LedgerEntry]) throws {
    guard let first = entries.firstIndex(where: { $0.lane > 0 }) else { return }
    guard let late = entries[first...].first(where: { $0.lane == 0 }) else { return }
    throw Violation(.laneOvertaken, "entry \(late.index) of lane 0 follows entry \(entries[first].index) in one commit")
  }

  private func note(_ write: EntityWrite) throws {
    guard write.seq > seq else { throw Violation(.laneBroken, "change \(write.seq) follows \(seq)") }
    seq = write.seq
    if write.key.kind == .subject, let payload = write.payload { try subjects.note(subject: payload) }
    try people.note(write)
    try pauses.note(write)
    try revocations.note(write)
    try visibility.note(write)
  }

  /// Whether it was decided; that its kind is not known is no decision.
  func holds(_ mutation: MutationID) -> Bool { firstEntries[mutation]?.isUnsupported == false }

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
    try pauses.compare(with: store)
  }

  /// SHA-256 of the DSSE PAE by its definition.
  private static func hash(ofEnvelope bytes: [UInt8]) -> Digest {
    let type = "application/vnd.countersign.mutation.v1"
    return SHA256.hash(Array("DSSEv1 \(type.utf8.count) \(type) \(bytes.count) ".utf8) + bytes)
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
