// Proving: inclusion proofs of the own answers and of what the base rests on, fetched behind everything else.
import ReviewModel
import Storage
import SyncProtocol
import Trust

/// How far the fetching of proofs is.
struct Proving: Sendable {
  static let indexesARequest = 256
  /// In one session without a new checkpoint; the next one goes on.
  static let roundsLimit = 40

  var request: UInt32 = 0
  /// The checkpoint that the awaited proofs are for.
  var awaited: SeenCheckpoint?
  var isSearching = false
  var isDone = false
  var rounds = 0
  /// What the server does not give; asked for once in a session.
  var refused: Set<UInt64> = []

  /// There may be more to prove, or a checkpoint that proves more.
  mutating func restart() {
    isDone = false
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
    if checkpoint.size < owedSize, !cursors.isEmpty {
      // A new checkpoint comes at the end of what is subscribed.
      proving.rounds += 1
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
      proving.isDone = true
      progress.isProving = false
      return
    }
    proving.request &+= 1
    proving.rounds += 1
    proving.awaited = checkpoint
    let request = ProofRequest(
      request: proving.request, size: checkpoint.size, indexes: Array(wanted.prefix(Proving.indexesARequest)))
    order(.sendFrame(.proofs(request)))
    order(.setTimer(.reply, milliseconds: Self.replyMilliseconds))
  }

  mutating func received(_ proofs: Proofs) {
    guard let awaited = proving.awaited, proofs.request == proving.request else { return }
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
