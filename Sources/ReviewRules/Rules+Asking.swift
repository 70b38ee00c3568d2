// Saying who is asked to decide. Nobody loses or gains a right by it: anybody who may decide still may.
import ReviewModel
import Trust

extension Rules {
  /// Only reviewers who can see the campaign can be asked.
  static func assignReviewer(_ body: AssignReviewer, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    let subject = try attempt.visibleSubject(body.subject)
    try attempt.requireRole(.admin, .editor)
    guard subject.value.withdrawnBy == nil else { throw .refused(.withdrawn) }
    guard body.members.count <= RuleLimits.targets else { throw .refused(.tooManyTargets) }
    guard Set(body.members).count == body.members.count else { throw .refused(.malformed) }
    try attempt.require(body.members.map { .member($0) })
    for id in body.members {
      guard let member = try attempt.member(id), Visibility.includes(member, in: subject.campaign) else {
        throw .refused(.notFound)
      }
      guard member.roles.contains(.reviewer) else { throw .refused(.cannotDecide) }
    }
    var value = subject.value
    let kept = value.delegations.filter { !body.members.contains($0.member) }
    guard value.assigned != body.members || kept != value.delegations else { throw .refused(.nothingChanged) }
    value.assigned = body.members
    value.delegations = kept
    value.updatedMilliseconds = attempt.now
    attempt.write(.subject(value), in: subject.scope)
    return .applied()
  }

  /// A reviewer passes the asking on to one who could approve: a reviewer of the campaign who wrote none of it.
  static func delegate(_ body: Delegate, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    try attempt.requireOneCampaign(body.subjects)
    return attempt.each(body.subjects) { (attempt: inout Attempt, id: SubjectID) throws(Halt) -> TargetOutcome in
      let subject = try attempt.visibleSubject(id)
      try attempt.requireRole(.reviewer)
      guard subject.value.withdrawnBy == nil else { throw .refused(.withdrawn) }
      guard let delegate = try attempt.member(body.member), Visibility.includes(delegate, in: subject.campaign) else {
        throw .refused(.notFound)
      }
      guard delegate.roles.contains(.reviewer), !subject.value.authors.contains(delegate.id) else {
        throw .refused(.cannotDecide)
      }
      let value = passOn(subject.value, from: attempt.member.id, to: delegate.id)
      guard delegate.id != attempt.member.id, value != subject.value else { throw .refused(.nothingChanged) }
      guard value.assigned.count <= RuleLimits.targets, value.delegations.count <= RuleLimits.targets else {
        throw .refused(.tooManyTargets)
      }
      attempt.write(.subject(value), in: subject.scope)
      return TargetOutcome(status: .applied)
    }
  }

  /// The delegate takes the member's place among those who are asked, or a place of their own. Whoever is asked
  /// anew has passed nothing on.
  private static func passOn(_ subject: SubjectEntity, from member: MemberID, to delegate: MemberID) -> SubjectEntity {
    var value = subject
    let place = value.assigned.firstIndex(of: member) ?? value.assigned.endIndex
    value.assigned.removeAll { $0 == member }
    if !value.assigned.contains(delegate) { value.assigned.insert(delegate, at: min(place, value.assigned.endIndex)) }
    value.delegations.removeAll { $0.member == member || $0.member == delegate }
    var delegation = Delegation()
    delegation.member = member
    delegation.delegate = delegate
    value.delegations.append(delegation)
    return value
  }
}
