// How an answered mutation counts, decided once when its answer is stored so that every store counts alike.
import ReviewModel

package enum AnswerStanding: UInt8, Sendable, Hashable {
  /// All of it was applied or staged.
  case applied = 1
  /// Some of it was refused.
  case refused = 2
  /// Some of it waits for an admin.
  case parked = 3

  /// Parked if the leaf record names a parked target; a record that cannot be read leaves it at refused.
  package init(of answered: AnsweredRow) {
    guard answered.isRefused else {
      self = .applied
      return
    }
    do {
      let outcome = try LeafRecord(tolerating: answered.answer.leafRecord).outcome
      let isParked = outcome.status == .parked || outcome.targets.contains { $0.status == .parked }
      self = isParked ? .parked : .refused
    } catch {
      self = .refused
    }
  }
}
