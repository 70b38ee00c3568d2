// What a decided group will write: each answer's ledger entry with its place in the log, and the batch of the commit.
import ReviewModel
import ReviewRules
import Storage
import SyncProtocol
import Trust

extension GroupWork {
  // MARK: Appending

  mutating func append(
    _ verified: VerifiedEnvelope, by actor: Actor, _ decided: (outcome: Outcome, touched: [EntityKey])
  ) throws(StorageError) -> LedgerEntry {
    let envelope = verified.envelope
    let index = frontier.size
    var record = LeafRecord()
    record.envelopeHash = verified.signed.hash
    record.outcome = decided.outcome
    record.outcome.isCheckpointDisputed = try isDisputed(envelope.checkpoint)
    record.serverMilliseconds = now
    record.rulesVersion = edition.version
    record.touched = try chain(decided.touched, index: index)
    log.add(set.takeChanges())
    let bytes = record.encoded()
    let leaf = MerkleHash.leaf(bytes)
    let completed = frontier.append(leaf)
    nodes += completed
    source.add(completed)
    let member = device(envelope.device)?.member ?? actor.member
    let entry = LedgerEntry(
      index: index, leafRecord: bytes, leafHash: leaf, envelope: verified.signed, mutationID: envelope.mutationID,
      bodyDigest: SHA256.hash(envelope.body), member: member, device: envelope.device, lane: envelope.lane,
      number: envelope.number, commitSeq: state.seq)
    byPlace[Place(device: envelope.device, lane: envelope.lane, number: envelope.number)] = entries.count
    let decided = try self.entry(mutation: envelope.mutationID)
    if decided?.givesWay(to: entry) ?? true { deciding[envelope.mutationID] = entry }
    entries.append(entry)
    // A repeat brings what was kept the first time, or has been erased since.
    if record.outcome.duplicateOf == nil { parts += verified.parts.ordered }
    lanes[envelope.device, default: [:]][envelope.lane] = LanePosition(number: envelope.number, hash: verified.signed.hash)
    movedLanes.insert(envelope.device)
    return entry
  }

  /// Each touched key with the entry that touched it before.
  private mutating func chain(_ keys: [EntityKey], index: UInt64) throws(StorageError) -> [TouchedEntity] {
    let unknown = keys.filter { touches[$0] == nil }
    let stored = unknown.isEmpty ? [:] : try store.lastTouches(unknown)
    let chained = keys.sorted().map { TouchedEntity(key: $0, previousIndex: touches[$0] ?? stored[$0]) }
    for key in keys { touches[key] = index }
    return chained
  }

  /// Whether the device has seen a history that is not ours.
  private mutating func isDisputed(_ seen: SeenCheckpoint) throws(StorageError) -> Bool {
    guard seen.size > 0 else { return false }
    guard seen.origin == identity.origin, seen.size <= frontier.size else { return true }
    if let root = roots[seen.size] { return root != seen.root }
    let root = try StoredProof.root(size: seen.size, source: source)
    if roots.count < LedgerLimits.rememberedRoots { roots[seen.size] = root }
    return root != seen.root
  }

  // MARK: The batch

  /// Gives the changes their numbers. Nil if nothing was decided.
  mutating func finish() -> CommitBatch? {
    guard !entries.isEmpty else { return nil }
    let writes = log.writes(after: state.seq)
    commitSeq = writes.last?.seq ?? state.seq
    for index in entries.indices { entries[index].commitSeq = commitSeq }
    var next = state
    next.seq = commitSeq
    next.ledgerSize = frontier.size
    var batch = CommitBatch(expected: state, next: next)
    batch.entries = entries
    batch.parts = parts
    batch.erasedParts = erasedParts.sorted()
    batch.merkleNodes = nodes
    batch.writes = writes
    batch.lanes = lanes.filter { movedLanes.contains($0.key) }
    batch.touches = touches
    return batch
  }

  /// The answer with the number that its commit has got.
  func withCommitSeq(_ result: SubmissionResult) -> SubmissionResult {
    guard case .answered(var answer) = result, answer.answered.ledgerIndex >= state.ledgerSize else { return result }
    answer.answered.commitSeq = commitSeq
    return .answered(answer)
  }
}
