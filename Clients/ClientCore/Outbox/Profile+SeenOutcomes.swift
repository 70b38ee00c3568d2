// Which refusals the person has looked at: a list says how many are new, and does not repeat itself for a month.
import ReviewModel
import Storage
import SyncEngine

extension Profile {
  /// The largest ledger index among what was shown: it ascends, whatever the clock does.
  private static let seenOutcomesSetting = "outcomes_seen_index"
  /// More than so many that are new are as good as many.
  private static let countLimit = 1_000

  /// The person has been shown these, and nothing that came since.
  public func noteSeen(_ outcomes: [OutcomeReport]) throws(ClientError) {
    guard let newest = outcomes.compactMap(\.ledgerIndex).max() else { return }
    let keeper = try keeper()
    try storing {
      if let seen = try seenIndex(), seen >= newest { return }
      try keeper.keepingCurrent { () throws(StorageError) in try outbox.set(Self.seenOutcomesSetting, to: String(newest)) }
    }
  }

  private func seenIndex() throws(StorageError) -> UInt64? {
    try outbox.setting(Self.seenOutcomesSetting).flatMap { UInt64($0) }
  }

  /// How many changes were refused since then, or damaged, which stays until somebody mends it.
  func unseenRefusals(_ counts: OutboxCounts) throws -> Int {
    guard counts.refused > 0, let seen = try seenIndex() else { return counts.refused + counts.quarantined }
    let fresh = try outbox.answered(isRefused: true, limit: Self.countLimit).filter { row in
      guard let answer = row.answer, answer.ledgerIndex > seen else { return false }
      // What cannot be read was refused, as far as anybody knows.
      return (try? LeafRecord(tolerating: answer.leafRecord).outcome.status != .parked) ?? true
    }
    return fresh.count + counts.quarantined
  }
}
