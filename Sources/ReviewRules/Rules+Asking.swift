// Saying who is asked to decide. Nobody loses or gains a right by it: anybody who may decide still may.
import ReviewModel
import Trust

extension Rules {
  /// Only members who can see the campaign can be asked.
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
    }
    var value = subject.value
    guard value.assigned != body.members else { throw .refused(.nothingChanged) }
    value.assigned = body.members
    value.updatedMilliseconds = attempt.now
    attempt.write(.subject(value), in: subject.scope)
    return .applied()
  }
}
