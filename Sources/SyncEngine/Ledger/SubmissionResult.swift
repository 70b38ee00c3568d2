// What became of one submitted envelope, and of the group that it was decided in.
import ReviewModel
import Storage
import SyncProtocol
import Trust

/// The server's answer to one envelope.
package enum SubmissionResult: Sendable, Hashable {
  /// Decided now or earlier; the stored outcome.
  case answered(Answer)
  /// The lane holds another envelope under this number, or another one before it.
  case forked
  /// Numbers before this one are missing.
  case numberGap
  /// The device is not enrolled, or its enrolment was refused. Nothing was consumed or stored.
  case refused(RefusalCode)

  /// A stored outcome with what the server signs for it.
  package struct Answer: Sendable, Hashable {
    package var device: Digest
    package var lane: UInt32
    package var answered: AnsweredEnvelope
    package var receipt: OutcomeReceipt
    package var outcome: Outcome
    /// Whether this submission was decided just now.
    package var isNew: Bool
  }
}

/// A decided group: nothing of it is true until its batch is written.
package struct GroupDecision: Sendable {
  /// In the order of the submissions.
  package var results: [SubmissionResult]
  /// Nil if nothing has to be written.
  package var batch: CommitBatch?
  /// Whether some of it was taken from the record, because words were erased since it was first decided.
  package var restsOnRecord = false
  let frontier: MerkleFrontier?
}

extension LedgerEntry {
  /// The answer that the entry stands for.
  /// - Throws: `damaged` if the stored record cannot be read.
  package func answer(isNew: Bool) throws(StorageError) -> SubmissionResult.Answer {
    let record = try StoredLedger.record(of: self)
    var receipt = OutcomeReceipt()
    receipt.number = number
    receipt.envelopeHash = envelope.hash
    receipt.leafHash = leafHash
    receipt.ledgerIndex = index
    let answered = AnsweredEnvelope(number: number, ledgerIndex: index, commitSeq: commitSeq, leafRecord: leafRecord)
    return SubmissionResult.Answer(
      device: device, lane: lane, answered: answered, receipt: receipt, outcome: record.outcome, isNew: isNew)
  }
}

/// Reading what the store holds; what cannot be read is damage, never a reason to guess.
enum StoredLedger {
  static func record(of entry: LedgerEntry) throws(StorageError) -> LeafRecord {
    do {
      return try LeafRecord(canonical: entry.leafRecord)
    } catch {
      throw StorageError(
        .damaged,
        "Ledger entry \(entry.index) cannot be read; leave the directory as it is, and report what countersignd verify says.")
    }
  }

  static func entity(_ key: EntityKey, _ stored: StoredEntity) throws(StorageError) -> Entity {
    do {
      return Entity(scope: stored.scope, value: try EntityValue(kind: key.kind, payload: stored.payload))
    } catch {
      throw StorageError(
        .damaged, "The entity \(key) cannot be read; leave the directory as it is, and report what countersignd verify says.")
    }
  }
}
