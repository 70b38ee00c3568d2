// Proving: inclusion proofs of the own answers and of what the base rests on, fetched behind everything else.
import ReviewModel
import Storage
import SyncProtocol
import Trust

/// How far the fetching of proofs is.
struct Proving: Sendable {
  static let indexesARequest = 256
  static let rangeLimit = 500
  /// In one session without a new checkpoint; the next one goes on.
  static let roundsLimit = 40

  var request: UInt32 = 0
  /// The checkpoint that the awaited proofs are for.
  var awaited: SeenCheckpoint?
  var isSearching = false
  var isDone = false
  var rounds = 0
  /// Whether the server was too slow with an answer: its next sign of life is another chance.
  var isOverdue = false
  /// What the server does not give; asked for once in a session.
  var refused: Set<UInt64> = []
  /// How much of the whole ledger has come.
  var ledgerSize: UInt64 = 0
  /// The checkpoint that the whole ledger is fetched for.
  var ledger: SeenCheckpoint?

  /// There may be more to prove, or a checkpoint that proves more.
  mutating func restart() {
    isDone = false
    isOverdue = false
    rounds = 0
  }
}

extension ClientSession {
  /// Looks for unproved entries when nothing else is going on.
  mutating func considerProving() {
    guard isSettled, !proving.isDone, !proving.isSearching, proving.awaited == nil else { return }
    guard proving.rounds < Proving.roundsLimit, checkpoint.size > 0 else {
      proving.isDone = true
      return
    }
    if needsFinalComparison, !cursors.isEmpty {
      // A checkpoint with the digests comes at the end of what is subscribed.
      needsFinalComparison = false
      return subscribe(Array(cursors.keys))
    }
    proving.isSearching = true
    progress.isProving = true
    order(.findUnproved(limit: Proving.indexesARequest, except: proving.refused))
  }

  mutating func unprovedFound(_ indexes: [UInt64]) {
    proving.isSearching = false
    let wanted = indexes.filter { $0 < checkpoint.size && !proving.refused.contains($0) }
    guard !wanted.isEmpty else {
      if start.wantsLedger, requestLedger() { return }
      return endProving()
    }
    proving.request &+= 1
    proving.rounds += 1
    proving.awaited = checkpoint
    let request = ProofRequest(
      request: proving.request, size: checkpoint.size, indexes: Array(wanted.prefix(Proving.indexesARequest)))
    order(.sendFrame(.proofs(request)))
    order(.setTimer(.reply, milliseconds: Self.replyMilliseconds))
  }

  /// Asks for the next range of the whole ledger; false when all of it has come.
  private mutating func requestLedger() -> Bool {
    let target = proving.ledger ?? checkpoint
    proving.ledger = target
    guard proving.ledgerSize < target.size else { return false }
    proving.request &+= 1
    proving.awaited = target
    let count = min(UInt64(Proving.rangeLimit), target.size - proving.ledgerSize)
    order(
      .sendFrame(
        .proofs(
          ProofRequest(
            request: proving.request, size: target.size, indexes: [], rangeStart: proving.ledgerSize,
            rangeCount: UInt32(clamping: count)))))
    order(.setTimer(.reply, milliseconds: Self.replyMilliseconds))
    return true
  }

  /// Entries of a range: in order, each proved.
  private mutating func receivedLedger(_ proofs: Proofs, in target: SeenCheckpoint) {
    guard proofs.refused.isEmpty else {
      // The device is as welcome as before; only this was not for it.
      progress.isLedgerRefused = true
      return endProving()
    }
    for entry in proofs.entries {
      guard entry.index == proving.ledgerSize, Self.isProved(entry, in: target) else {
        return stop(.badEvidence, "A proof of the log does not hold.")
      }
      proving.ledgerSize += 1
    }
    if !proofs.entries.isEmpty { order(.showLedger(proofs.entries)) }
    guard proofs.isLast else { return }
    proving.awaited = nil
    if !requestLedger() { endProving() }
  }

  mutating func endProving() {
    proving.awaited = nil
    proving.isDone = true
    progress.isProving = false
  }

  mutating func received(_ proofs: Proofs) {
    guard let awaited = proving.awaited, proofs.request == proving.request else { return }
    if proving.ledger != nil { return receivedLedger(proofs, in: awaited) }
    guard proofs.size == awaited.size || proofs.entries.isEmpty else {
      return stop(.badEvidence, "Proofs came for another size than was asked for.")
    }
    var rows: [EvidenceRow] = []
    for entry in proofs.entries {
      guard Self.isProved(entry, in: awaited) else { return stop(.badEvidence, "A proof of the log does not hold.") }
      rows.append(
        EvidenceRow(
          index: entry.index, leafRecord: entry.leafRecord, envelope: entry.envelope, size: awaited.size,
          inclusion: entry.inclusion))
    }
    if !rows.isEmpty { order(.keepEvidence(rows)) }
    proving.refused.formUnion(proofs.refused)
    if proofs.isLast { proving.awaited = nil }
  }

  /// Whether the record is in the log, and is the record of this envelope.
  package static func isProved(_ entry: ProvedEntry, in checkpoint: SeenCheckpoint) -> Bool {
    do {
      let record = try LeafRecord(canonical: entry.leafRecord)
      guard record.envelopeHash == entry.envelope.hash else { return false }
    } catch {
      return false
    }
    return MerkleProof.verifyInclusion(
      leaf: MerkleHash.leaf(entry.leafRecord), index: entry.index, size: checkpoint.size, proof: entry.inclusion,
      root: checkpoint.root)
  }
}
