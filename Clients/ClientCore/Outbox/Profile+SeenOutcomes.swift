// Which refusals the person has looked at: a list says how many are new, and does not repeat itself for a month.
import ReviewModel
import Storage

extension Profile {
  private static let seenOutcomesSetting = "outcomes_seen_ms"
  /// More than so many that are new are as good as many.
  private static let countLimit = 1_000

  /// The person has been shown what was refused until now.
  public func noteOutcomesSeen() throws(ClientError) {
    let newest = try storing {
      try outbox.answered(isRefused: true, limit: Self.countLimit).compactMap(\.answer?.answeredMilliseconds).max()
    }
    guard let newest else { return }
    try storing { try outbox.set(Self.seenOutcomesSetting, to: String(newest)) }
  }

  /// How many changes were refused since then, or damaged, which stays until somebody mends it.
  func unseenRefusals(_ counts: OutboxCounts) throws -> Int {
    guard counts.refused > 0, let seen = try outbox.setting(Self.seenOutcomesSetting).flatMap({ UInt64($0) }) else {
      return counts.refused + counts.quarantined
    }
    let fresh = try outbox.answered(isRefused: true, limit: Self.countLimit).filter { row in
      guard let answer = row.answer, answer.answeredMilliseconds > seen else { return false }
      // What cannot be read was refused, as far as anybody knows.
      return (try? LeafRecord(tolerating: answer.leafRecord).outcome.status != .parked) ?? true
    }
    return fresh.count + counts.quarantined
  }
}
