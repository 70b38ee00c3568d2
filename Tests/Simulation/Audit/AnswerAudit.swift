// Every answer that any device was given: one a mutation, the same for ever, and in the ledger as it was given.
import ReviewModel
import Storage
import Trust

final class AnswerAudit {
  /// The record of each ledger index that somebody was shown as acknowledged.
  private(set) var acknowledged: [UInt64: Digest] = [:]
  private var first: [MutationID: UInt64] = [:]
  /// Entries that only say that their kind is not known.
  private var unsupported: Set<UInt64> = []
  /// Once the server came up from an old copy: how much of the first history each device has seen for sure.
  private var seen: [String: UInt64]?

  /// The server writes another history from now on. Who has not seen enough of the first one cannot tell them apart.
  func beginOtherHistory(seen: [String: UInt64]) { self.seen = seen }

  func note(_ mutation: MutationID, _ answer: RowAnswer, by device: String) throws {
    if let seen, answer.ledgerIndex >= seen[device, default: 0] { return }
    let leaf = SHA256.hash(answer.leafRecord)
    if let known = acknowledged[answer.ledgerIndex], known != leaf {
      throw Violation(.acknowledgedLost, "\(device) was given another record of entry \(answer.ledgerIndex) than before")
    }
    acknowledged[answer.ledgerIndex] = leaf
    guard let record = try? LeafRecord(canonical: answer.leafRecord) else {
      throw Violation(.acknowledgedLost, "\(device) took an answer that cannot be read")
    }
    let own = record.outcome.duplicateOf ?? answer.ledgerIndex
    // What an older server did not know may be decided once by a newer one.
    if let known = first[mutation], known != own, !unsupported.contains(known) {
      throw Violation(.appliedTwice, "\(mutation) was acknowledged as entry \(known) and as entry \(own)")
    }
    first[mutation] = own
    if record.outcome.code == .unsupported { unsupported.insert(own) }
  }

  /// What was acknowledged is there.
  func compare(with store: FaultyTenantStore) throws {
    for (index, leaf) in acknowledged.sorted(by: { $0.key < $1.key }) {
      guard let entry = try store.entry(index: index), SHA256.hash(entry.leafRecord) == leaf else {
        throw Violation(.acknowledgedLost, "entry \(index) was acknowledged and is not what the server holds")
      }
    }
  }
}

/// Every change that a device has durably queued: it must reach the ledger as it was queued, whatever happens to process and
/// network.
final class PromiseAudit {
  private(set) var queued: [MutationID: String] = [:]
  private var bodies: [MutationID: Digest] = [:]

  func queued(_ mutation: QueuedMutation, by device: String) {
    queued[mutation.mutationID] = device
    bodies[mutation.mutationID] = SHA256.hash(mutation.body)
  }

  /// Nobody said anything else than what he queued.
  func check(_ envelope: Envelope) throws {
    guard let body = bodies[envelope.mutationID], SHA256.hash(envelope.body) != body else { return }
    throw Violation(.signedOther, "\(envelope.mutationID) says something else than what was queued")
  }

  /// The files were lost with what was queued in them.
  func release(_ mutations: some Sequence<MutationID>) { for mutation in mutations { queued[mutation] = nil } }

  func compare(with ledger: LedgerAudit, devices: Set<String>) throws {
    let missing = queued.filter { devices.contains($0.value) && !ledger.holds($0.key) }
    guard let one = missing.min(by: { $0.key < $1.key }) else { return }
    throw Violation(.queuedLost, "\(missing.count) queued changes never reached the ledger: \(one.key) of \(one.value)")
  }
}
