// Whether decisions and revisions say what their ledger entries say, and whether what stands is what was decided.
import ReviewModel
import Storage
import SyncEngine
import Trust

extension LocalAudit {
  mutating func checkDecisions() {
    for decision in decisions.values.sorted(by: { $0.id < $1.id }) {
      let name = "The decision \(decision.id.hex.prefix(8))"
      guard let index = decision.ledgerIndex else {
        findings.problem("\(name) names no ledger entry.")
        continue
      }
      guard let entry = entries[index] else {
        notProved(by: index)
        continue
      }
      guard case .decide(let body) = entry.mutation,
        let position = body.targets.firstIndex(where: { $0.decision == decision.id })
      else {
        findings.problem("\(name) is not in the ledger entry that it names.")
        continue
      }
      let target = body.targets[position]
      let outcomes = entry.record.outcome.targets
      let isApplied = position < outcomes.count && outcomes[position].status == .applied
      guard target.subject == decision.subject, target.revision == decision.revision, body.verdict == decision.verdict,
        isApplied
      else {
        findings.problem("\(name) does not say what was signed: another post, revision or verdict.")
        continue
      }
      guard entry.envelope.device == decision.device, devices[decision.device]?.member == decision.member else {
        findings.problem("\(name) is given to a member whose device did not sign it.")
        continue
      }
    }
  }

  mutating func checkStanding() {
    for subject in subjects {
      for standing in subject.standing {
        guard let decision = decisions[standing.decision] else {
          findings.problem("A decision that stands on the post \(subject.id.hex.prefix(8)) is not held.")
          continue
        }
        guard decision.subject == subject.id, decision.member == standing.member, decision.revision == standing.revision,
          decision.verdict == standing.verdict, decision.replacedBy == nil, !decision.isWithdrawn
        else {
          findings.problem("What stands on the post \(subject.id.hex.prefix(8)) is not what was decided.")
          continue
        }
      }
    }
  }

  mutating func checkRevisions() {
    for revision in revisions {
      let name = "The revision \(revision.digest.hex.prefix(8))"
      if !revision.isErased, SHA256.hash(revision.part) != revision.digest {
        findings.problem("\(name) is not the content that its digest names.")
        continue
      }
      guard let index = revision.ledgerIndex else {
        findings.problem("\(name) names no ledger entry.")
        continue
      }
      guard let entry = entries[index] else {
        notProved(by: index)
        continue
      }
      if !Self.brings(entry, revision.digest) { findings.problem("\(name) was not brought by the ledger entry that it names.") }
    }
  }

  /// What an interrupted sync has left without its evidence is not wrong, only not proved; evidence that is held and does
  /// not hold has been found already.
  private mutating func notProved(by index: UInt64) {
    if !heldEntries.contains(index) { findings.awaitingProof += 1 }
  }

  /// Whether an entry names a revision. A batch names its stages, and they its revisions: those are for the full audit.
  private static func brings(_ entry: CheckedEntry, _ digest: Digest) -> Bool {
    if entry.record.outcome.targets.contains(where: { $0.result == digest && $0.status == .applied }) { return true }
    switch entry.mutation {
    case .createItem(let body): return body.item.posts.contains { $0.revision == digest }
    case .createDocument(let body): return body.revision == digest
    case .revise(let body): return body.revision == digest
    case .merge(let body): return body.revision == digest
    case .importBatch: return entry.record.outcome.status == .applied
    default: return false
    }
  }

  // MARK: Own answers

  /// The server's signature under each answer, and the answer's place in the log where it was proved.
  mutating func check(answered row: OutboxRow) {
    guard let answer = row.answer, let envelope = row.envelope, let number = row.number else { return }
    let name = "The answer to the change \(row.mutation.mutationID.hex.prefix(8))"
    findings.signature(
      serverKey.isValid(answer.signature, over: answer.statement, as: .outcomes),
      else: "\(name) is not signed by the server.")
    let statement: OutcomesStatement
    let record: LeafRecord
    let signed: Envelope
    do {
      statement = try OutcomesStatement(canonical: answer.statement)
      record = try LeafRecord(canonical: answer.leafRecord)
      signed = try envelope.envelope()
    } catch {
      return findings.problem("\(name) cannot be read.")
    }
    let receipt = statement.receipts.first { $0.number == number && $0.ledgerIndex == answer.ledgerIndex }
    guard statement.tenant == tenant, statement.device == signed.device, statement.lane == row.mutation.lane,
      let receipt, receipt.envelopeHash == envelope.hash, record.envelopeHash == envelope.hash,
      receipt.leafHash == MerkleHash.leaf(answer.leafRecord)
    else { return findings.problem("\(name) is not for what was sent.") }
    if let key = key(of: signed.device) {
      findings.signature(
        envelope.isSigned(by: key), else: "The change \(row.mutation.mutationID.hex.prefix(8)) is not what was signed.")
    }
    guard let entry = entries[answer.ledgerIndex] else { return }
    if entry.leafRecord == answer.leafRecord {
      findings.outcomesProved += 1
    } else {
      findings.problem("\(name) is not what the ledger holds at \(answer.ledgerIndex).")
    }
  }
}
