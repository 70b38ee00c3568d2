// Verdicts on exact revisions, and taking them back.
import ReviewModel
import Trust

extension Rules {
  static func decide(_ body: Decide, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    try attempt.requireOneCampaign(body.targets.map(\.subject))
    let reason = try attempt.parts.reason(body.reason)
    return attempt.each(body.targets) { (attempt: inout Attempt, target: DecisionTarget) throws(Halt) -> TargetOutcome in
      let subject = try attempt.visibleSubject(target.subject)
      try requireReviewer(attempt.member)
      try attempt.require([.decision(target.decision)] + target.replaces.map { .decision($0) })
      guard try !attempt.isTaken(.decision(target.decision)) else { throw .refused(.idTaken) }
      try requireDecidable(subject.value, target.revision)
      if body.verdict != .approve, reason.isBlank { throw .refused(.reasonRequired) }
      if body.verdict == .approve, subject.value.authors.contains(attempt.member.id) { throw .refused(.selfApproval) }
      try record(body.verdict, reason, target, on: subject, &attempt)
      return TargetOutcome(status: .applied, result: target.revision)
    }
  }

  /// A role that was lost since is for an admin to judge; one that was never held is not.
  private static func requireReviewer(_ member: MemberEntity) throws(Halt) {
    guard !member.roles.contains(.reviewer) else { return }
    throw member.formerRoles.contains(.reviewer) ? .parked(.roleLost) : .refused(.notPermitted)
  }

  private static func requireDecidable(_ subject: SubjectEntity, _ revision: Digest) throws(Halt) {
    guard subject.withdrawnBy == nil else { throw .refused(.withdrawn) }
    guard subject.submission != nil else { throw .refused(.notSubmitted) }
    guard subject.heads.contains(revision) else { throw .refused(.staleRevision, current: subject.heads.first) }
    guard subject.heads.count == 1 else { throw .refused(.conflicted) }
  }

  private static func record(
    _ verdict: Verdict, _ reason: GivenText, _ target: DecisionTarget, on subject: VisibleSubject, _ attempt: inout Attempt
  ) throws(Halt) {
    var value = subject.value
    let replaced = try replacedDecisions(target, value, &attempt)
    var decision = given(verdict, reason, target, attempt)
    let early = value.replacedEarly.first { $0.decision == target.decision && $0.member == attempt.member.id }
    decision.replacedBy = early?.replacedBy
    value.replacedEarly.removeAll { $0 == early }
    value.standing.removeAll { standing in replaced.contains { $0.id == standing.decision } }
    try rememberUnknown(target, &value, &attempt)
    if decision.replacedBy == nil { value.standing.append(standing(decision, roles: attempt.member.roles)) }
    // By itself, so that one subject that is full does not keep the others from being decided.
    guard value.standing.count <= RuleLimits.standingDecisions else { throw .refused(.tooLarge) }
    value.updatedMilliseconds = attempt.now
    for var old in replaced {
      old.replacedBy = decision.id
      attempt.write(.decision(old), in: .campaign(value.campaign))
    }
    attempt.write(.decision(decision), in: .campaign(value.campaign))
    attempt.write(.subject(value), in: subject.scope)
  }

  /// The decision as it was signed, with its place in the ledger.
  private static func given(
    _ verdict: Verdict, _ reason: GivenText, _ target: DecisionTarget, _ attempt: Attempt
  ) -> DecisionEntity {
    var decision = DecisionEntity()
    decision.id = target.decision
    decision.subject = target.subject
    decision.revision = target.revision
    decision.member = attempt.member.id
    decision.device = attempt.context.actor.device
    decision.verdict = verdict
    decision.reason = reason.text
    decision.partDigests = reason.partDigests
    decision.clock = attempt.context.clock
    decision.atMilliseconds = attempt.now
    decision.ledgerIndex = attempt.context.ledgerIndex
    return decision
  }

  private static func standing(_ decision: DecisionEntity, roles: [Role]) -> StandingDecision {
    var standing = StandingDecision()
    standing.decision = decision.id
    standing.member = decision.member
    standing.revision = decision.revision
    standing.verdict = decision.verdict
    standing.roles = roles
    return standing
  }

  /// The known decisions that this one takes the place of; only own ones on the same subject can be.
  private static func replacedDecisions(
    _ target: DecisionTarget, _ subject: SubjectEntity, _ attempt: inout Attempt
  ) throws(Halt) -> [DecisionEntity] {
    guard target.replaces.count <= RuleLimits.replacedDecisions else { throw .refused(.tooManyTargets) }
    var replaced: [DecisionEntity] = []
    for id in target.replaces {
      guard let old = try attempt.decision(id) else { continue }
      guard old.member == attempt.member.id, old.subject == subject.id else { throw .refused(.notOwnDecision) }
      if old.replacedBy == nil { replaced.append(old) }
    }
    return replaced
  }

  /// What was named as replaced and has not arrived yet must not stand when it does.
  private static func rememberUnknown(
    _ target: DecisionTarget, _ subject: inout SubjectEntity, _ attempt: inout Attempt
  ) throws(Halt) {
    let member = attempt.member.id
    for id in target.replaces where try attempt.decision(id) == nil {
      let isNoted = subject.replacedEarly.contains { $0.decision == id && $0.member == member }
      guard id != target.decision, !isNoted else { continue }
      guard subject.replacedEarly.count < RuleLimits.replacedEarly else { throw .refused(.tooLarge) }
      var early = EarlyReplacement()
      early.decision = id
      early.member = member
      early.replacedBy = target.decision
      subject.replacedEarly.append(early)
    }
  }

  static func withdrawDecision(_ body: WithdrawDecision, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    let subject = try attempt.visibleSubject(body.subject)
    guard var decision = try attempt.decision(body.decision), decision.subject == body.subject else {
      throw .refused(.notFound)
    }
    if decision.member != attempt.member.id { try requireMayLift(decision, on: subject.value, &attempt) }
    var value = subject.value
    guard value.standing.contains(where: { $0.decision == body.decision }) else { throw .refused(.decisionNotStanding) }
    value.standing.removeAll { $0.decision == body.decision }
    value.updatedMilliseconds = attempt.now
    decision.isWithdrawn = true
    attempt.write(.decision(decision), in: .campaign(value.campaign))
    attempt.write(.subject(value), in: subject.scope)
    return .applied(result: decision.revision)
  }

  /// An admin who wrote nothing of it may lift the reject, hold or request of changes of somebody who is no longer a member.
  private static func requireMayLift(
    _ decision: DecisionEntity, on subject: SubjectEntity, _ attempt: inout Attempt
  ) throws(Halt) {
    guard attempt.has(.admin), decision.verdict != .approve, try attempt.member(decision.member)?.isRemoved == true else {
      throw .refused(.notOwnDecision)
    }
    guard !subject.authors.contains(attempt.member.id) else { throw .refused(.selfApproval) }
    attempt.touch(.member(decision.member))
  }
}
