// The one function that says what state a subject is in. Payloads hold facts; this is what follows from them.
import ReviewModel
import Trust

/// The state of a subject; the raw values are what is shown and what JSON says.
package enum SubjectState: String, Sendable, CaseIterable {
  case draft
  /// Compliance found something that blocks; no rule pack is consulted yet, so nothing is blocked.
  case blocked
  case inReview = "in_review"
  case changesRequested = "changes_requested"
  case rejected
  case held
  case approved
  case conflicted
  case withdrawn

  package static func derive(from subject: SubjectEntity) -> SubjectState {
    if subject.withdrawnBy != nil { return .withdrawn }
    if subject.heads.count > 1 { return .conflicted }
    guard let submission = subject.submission, let head = subject.heads.first else { return .draft }
    let verdicts = effectiveVerdicts(of: subject, on: head)
    let given = Set(verdicts.values)
    if given.contains(.reject), !submission.policy.rejectionIsAdvisory { return .rejected }
    if given.contains(.requestChanges) { return .changesRequested }
    if given.contains(.hold) { return .held }
    return isMet(submission.policy, by: subject, head: head, verdicts: verdicts) ? .approved : .inReview
  }

  /// Whether the member may decide it now, has not, and has not asked another one to.
  package static func waits(_ subject: SubjectEntity, for member: MemberEntity) -> Bool {
    guard !member.isRemoved, member.roles.contains(.reviewer), !subject.authors.contains(member.id),
      !subject.delegations.contains(where: { $0.member == member.id }), derive(from: subject) == .inReview
    else { return false }
    return !subject.standing.contains { $0.member == member.id && subject.heads.contains($0.revision) }
  }

  /// What each member says of the revision: the most restrictive of what stands.
  package static func effectiveVerdicts(of subject: SubjectEntity, on revision: Digest) -> [MemberID: Verdict] {
    var verdicts: [MemberID: Verdict] = [:]
    for standing in subject.standing where standing.revision == revision {
      verdicts[standing.member] = max(standing.verdict, verdicts[standing.member] ?? standing.verdict)
    }
    return verdicts
  }

  private static func isMet(
    _ policy: ApprovalPolicy, by subject: SubjectEntity, head: Digest, verdicts: [MemberID: Verdict]
  ) -> Bool {
    let approvers = verdicts.filter { $0.value == .approve && !subject.authors.contains($0.key) }
    guard approvers.count >= Int(max(policy.approvals, 1)) else { return false }
    let roles = subject.standing.filter { $0.revision == head && approvers[$0.member] != nil }.flatMap(\.roles)
    return policy.requiredRoles.allSatisfy { roles.contains($0) }
  }
}
