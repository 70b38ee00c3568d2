// How an answered mutation counts, decided once when its answer is stored so that every store counts alike.
import ReviewModel

package enum AnswerStanding: UInt8, Sendable, Hashable {
  /// All of it was applied or staged.
  case applied = 1
  /// Some of it was refused.
  case refused = 2
  /// Some of it waits for an admin.
  case parked = 3
  /// The server did not know its kind: it is kept, and offered again to newer rules.
  case unsupported = 4

  /// Parked if the leaf record names a parked target; a record that cannot be read leaves it at refused.
  package init(of answered: AnsweredRow) {
    guard answered.isRefused else {
      self = .applied
      return
    }
    do {
      let outcome = try LeafRecord(tolerating: answered.answer.leafRecord).outcome
      guard outcome.code != .unsupported else {
        self = .unsupported
        return
      }
      let isParked = outcome.status == .parked || outcome.targets.contains { $0.status == .parked }
      self = isParked ? .parked : .refused
    } catch {
      self = .refused
    }
  }
}

extension RowAnswer {
  /// Whether rules older than `version` gave this answer.
  package func wasRefused(belowRules version: UInt32) -> Bool {
    // A record that cannot be read is offered again: the server says what it was.
    ((try? LeafRecord(tolerating: leafRecord))?.rulesVersion ?? 0) < version
  }
}
