// A promise that was broken: which one, and what was seen.

package struct Violation: Error, Sendable, Hashable, CustomStringConvertible {
  /// The promises that are watched.
  package enum Promise: String, Sendable, CaseIterable {
    /// An acknowledged change is gone, or another outcome stands in its place.
    case acknowledgedLost = "acknowledged_lost"
    /// One mutation has two outcomes of its own.
    case appliedTwice = "applied_twice"
    /// A queued change never reached the ledger.
    case queuedLost = "queued_lost"
    case laneBroken = "lane_broken"
    case treeBroken = "tree_broken"
    case digestBroken = "digest_broken"
    case decisionMoved = "decision_moved"
    case selfApproved = "self_approved"
    /// A change of lane 0 waited behind lane 1.
    case laneOvertaken = "lane_overtaken"
    /// A decision that counts is not among those that stand.
    case verdictLost = "verdict_lost"
    /// A revision that was current is neither current nor an ancestor of what is.
    case headLost = "head_lost"
    /// More was sent than had changed.
    case catchUpCost = "catch_up_cost"
    case cursorBroken = "cursor_broken"
    case viewWrong = "view_wrong"
    case baseWrong = "base_wrong"
    case notSettled = "not_settled"
    /// A session stopped for a reason that this run gave none for.
    case stoppedWithoutReason = "stopped_without_reason"
    /// A server that forgot something was believed.
    case rollbackBelieved = "rollback_believed"
    /// A server that was shown its own signature beyond its head went on writing.
    case rolledBackWrites = "rolled_back_writes"
    case timerMissing = "timer_missing"
    case storeFailed = "store_failed"
    /// Words that were erased are still somewhere.
    case erasedKept = "erased_kept"
    /// A ledger of nothing but honest changes does not verify.
    case verifyFails = "verify_fails"
    /// What a revoked device said counts.
    case revokedCounts = "revoked_counts"
    /// A pause was lifted by nobody who may, or is not what the ledger makes of it.
    case pauseLifted = "pause_lifted"
    /// Something was done by a member without the role for it.
    case roleMissing = "role_missing"
    /// A post is shown in a state that its decisions do not make.
    case stateWrong = "state_wrong"
    /// A member holds what is not for him.
    case shownToMany = "shown_to_many"
    /// A device forgot an answered change before it may.
    case forgottenEarly = "forgotten_early"
    /// Steps without end, and time does not move on.
    case livelock
    /// With nothing in the way, news or an answer took far longer than the network does.
    case tooSlow = "too_slow"
    /// A session was given up with nothing in its way.
    case retriedWithoutReason = "retried_without_reason"
    /// The ledger holds something else than what somebody queued.
    case signedOther = "signed_other"
    /// A change was put aside though nothing had damaged it.
    case putAside = "put_aside"
  }

  package let promise: Promise
  package let detail: String

  package init(_ promise: Promise, _ detail: String) {
    self.promise = promise
    self.detail = detail
  }

  package var description: String { "\(promise.rawValue): \(detail)" }
}
