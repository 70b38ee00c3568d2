// Taking subjects back, so that nothing becomes of them. What was said about them stays.
import ReviewModel
import Trust

extension Rules {
  static func withdraw(_ body: Withdraw, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    try attempt.requireOneCampaign(body.subjects)
    let reason = try attempt.parts.reason(body.reason)
    return attempt.each(body.subjects) { (attempt: inout Attempt, id: SubjectID) throws(Halt) -> TargetOutcome in
      let subject = try attempt.visibleSubject(id)
      try attempt.requireRole(.admin, .editor)
      var value = subject.value
      guard value.withdrawnBy == nil else { throw .refused(.withdrawn) }
      value.withdrawnBy = attempt.member.id
      value.withdrawalReason = reason.text
      value.partDigests = reason.partDigests
      value.updatedMilliseconds = attempt.now
      attempt.write(.subject(value), in: subject.scope)
      return TargetOutcome(status: .applied)
    }
  }
}
