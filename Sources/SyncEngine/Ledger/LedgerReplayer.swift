// Decides a ledger again, entry by entry, by the very code that the server decides with, on a store in memory. Words may have
// been erased since: then what needs them is taken from the record, and an erasure must name them before the ledger ends.
import ReviewModel
import ReviewRules
import Storage
import SyncProtocol
import Trust

package struct LedgerReplayer {
  /// One entry, with the parts of it that are still there.
  package struct Entry: Sendable {
    package var index: UInt64
    package var leafRecord: [UInt8]
    package var envelope: SignedEnvelope
    package var parts: [[UInt8]]

    package init(index: UInt64, leafRecord: [UInt8], envelope: SignedEnvelope, parts: [[UInt8]]) {
      self.index = index
      self.leafRecord = leafRecord
      self.envelope = envelope
      self.parts = parts
    }
  }

  /// What came of deciding an entry again.
  package enum Verdict: Sendable, Hashable {
    /// The record, byte for byte.
    case follows
    /// The rules decide it otherwise.
    case differs(OutcomeStatus)
    /// It does not continue its device's lane; nothing after it can be decided.
    case stuck
  }

  package let store: MemoryTenantStore
  private var committer: LedgerCommitter
  /// Parts that are not there, with the first entry that names each.
  private var missing: [Digest: UInt64] = [:]
  /// Parts that an erasure took, with its entry.
  private var erased: [Digest: UInt64] = [:]
  /// The last entry that each part which is there came with.
  private var given: [Digest: UInt64] = [:]
  private var erasedKeys: Set<EntityKey> = []
  /// How many entries were checked without words of theirs.
  package private(set) var erasedCount = 0

  private let oldestRules: UInt32

  /// - Parameter oldestRules: the version of the oldest rules that may have decided anything of it.
  package init(
    store: MemoryTenantStore, identity: LedgerIdentity, oldestRules: UInt32 = RulesEdition.firstVersion
  ) {
    self.store = store
    self.oldestRules = oldestRules
    committer = LedgerCommitter(store: store, identity: identity)
  }

  /// - Parameter record: what `entry.leafRecord` holds.
  package mutating func decide(_ entry: Entry, record: LeafRecord) throws(StorageError) -> Verdict {
    // A repeat is answered as the first was, without being decided.
    if record.outcome.code == .serverFault, record.outcome.duplicateOf == nil { committer.park(entry.envelope.hash) }
    // A refused change may never have brought its parts. Only where that does not explain the refusal were they erased.
    if record.outcome.status != .applied, record.outcome.status != .staged,
      let decision = try decision(on: entry, record, assumesErasures: false), decision.answers(entry)
    {
      return try take(decision, of: entry)
    }
    guard let decision = try decision(on: entry, record, assumesErasures: true) else { return .stuck }
    return try take(decision, of: entry)
  }

  /// Nil for an envelope that cannot be read.
  private mutating func decision(
    on entry: Entry, _ record: LeafRecord, assumesErasures: Bool
  ) throws(StorageError) -> GroupDecision? {
    guard
      let verified = try? VerifiedEnvelope.trusted(  // It continues nothing.
        entry.envelope, parts: entry.parts, isOfLedger: assumesErasures)
    else { return nil }
    for digest in verified.parts.erased where missing[digest] == nil { missing[digest] = entry.index }
    for digest in verified.parts.parts.keys { given[digest] = entry.index }
    committer.edition = RulesEdition(of: record, body: verified.envelope.body, oldest: oldestRules)
    committer.recorded = assumesErasures && !missing.isEmpty ? RecordedDecision(record) : nil
    return try committer.decide([verified], nowMilliseconds: record.serverMilliseconds)
  }

  private mutating func take(_ decision: GroupDecision, of entry: Entry) throws(StorageError) -> Verdict {
    guard case .answered(let answer) = decision.results.first, let batch = decision.batch else { return .stuck }
    try store.write(batch)
    committer.committed(decision)
    for digest in batch.erasedParts { erased[digest] = entry.index }
    erasedKeys.formUnion(Self.erasedKeys(entry, answer.outcome))
    if decision.restsOnRecord { erasedCount += 1 }
    return decision.answers(entry) ? .follows : .differs(answer.outcome.status)
  }

  /// What an entry erased.
  private static func erasedKeys(_ entry: Entry, _ outcome: Outcome) -> [EntityKey] {
    guard outcome.duplicateOf == nil, let body = try? entry.envelope.envelope().body,  // It was read a moment ago.
      case .known(.erase(let erasure)) = try? Mutation.decode(body)  // What cannot be read erases nothing.
    else { return [] }
    return zip(erasure.targets, outcome.targets).filter { $1.status == .applied }.map(\.0.key)
  }

  // MARK: Parts

  /// The parts that are missing though no erasure took them, with the first entry that names each; ascending by entry.
  package var unexplained: [(index: UInt64, digest: Digest)] {
    Self.sorted(missing.filter { erased[$0.key] == nil })
  }

  /// The parts that an erasure took and that are there all the same, with its entry; ascending by entry.
  package var kept: [(index: UInt64, digest: Digest)] {
    Self.sorted(erased.filter { digest, index in given[digest].map { $0 < index } ?? false })
  }

  private static func sorted(_ parts: [Digest: UInt64]) -> [(index: UInt64, digest: Digest)] {
    parts.map { (index: $0.value, digest: $0.key) }.sorted { ($0.index, $0.digest) < ($1.index, $1.digest) }
  }

  // MARK: Comparing

  /// Whether what the ledger makes of an entity is what is held, as far as its words are still known.
  package func agrees(_ key: EntityKey, held: [UInt8]?, expected: [UInt8]?) -> Bool {
    if held == expected { return true }
    guard let held, let expected,
      let value = try? EntityValue(kind: key.kind, payload: held),  // What cannot be read agrees with nothing.
      let replayed = try? EntityValue(kind: key.kind, payload: expected)  // As above.
    else { return false }
    if case .stage(let own) = value, case .stage(let other) = replayed { return agrees(own, other) }
    guard !erasedKeys.contains(key), isWithoutWords(replayed), hasOwnWords(value) else { return false }
    return value.withoutWords.payload == replayed.withoutWords.payload
  }

  /// Whether its words could not be made again: they came in a part that was erased for another entity, which had the same, or
  /// were merged from such.
  private func isWithoutWords(_ value: EntityValue) -> Bool {
    if case .revision(let revision) = value { return revision.isErased && missing[revision.digest] == nil }
    return value.partDigests.contains { missing[$0] != nil }
  }

  /// A revision that could not be made again still says by its digest what it must be.
  private func hasOwnWords(_ value: EntityValue) -> Bool {
    guard case .revision(let revision) = value, !revision.isErased else { return true }
    return SHA256.hash(revision.part) == revision.digest
  }

  /// A stage that waits for its import holds its parts itself, also those that were erased for somebody else.
  private func agrees(_ stage: StageEntity, _ other: StageEntity) -> Bool {
    var (own, other) = (stage, other)
    own.parts.removeAll { missing[SHA256.hash($0)] != nil }
    other.parts.removeAll { missing[SHA256.hash($0)] != nil }
    return own.encoded() == other.encoded()
  }
}

extension GroupDecision {
  /// Whether it is the record that the entry holds, byte for byte.
  fileprivate func answers(_ entry: LedgerReplayer.Entry) -> Bool {
    guard case .answered(let answer) = results.first else { return false }
    return answer.answered.leafRecord == entry.leafRecord
  }
}
