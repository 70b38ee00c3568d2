// Whether each subject is shown in the state that it is in: derived once more, from the subject, the decisions on its current
// revision and the policy that was bound to it, in the plainest way. Nothing here comes from the rules.
import ReviewModel
import Storage
import Trust

enum StateAudit {
  /// Most restrictive first: what a member said twice counts as the stricter.
  private static let strictness: [Verdict] = [.reject, .requestChanges, .hold, .approve]

  /// A line of the index that says something else; nil if there is none. Lines with pending changes are passed over.
  static func difference(in cache: any CacheStore) throws -> String? {
    var decisions: [SubjectID: [DecisionEntity]] = [:]
    for stored in try cache.all(.decision).values {
      let decision = try DecisionEntity(tolerating: stored.payload)
      decisions[decision.subject, default: []].append(decision)
    }
    let subjects = try cache.all(.subject)
    for line in try cache.list(SubjectFilter()) where !line.isPending {
      guard let stored = subjects[.subject(line.subject)] else { return "subject \(line.subject) is listed and not held" }
      let subject = try SubjectEntity(tolerating: stored.payload)
      guard let derived = state(of: subject, decisions[subject.id] ?? []), derived != line.state else { continue }
      return "subject \(subject.id) is listed as \(line.state) and is \(derived)"
    }
    return nil
  }

  /// The word for the state; nil where decisions do not tell, because the policy asks for roles that were held at the time.
  static func state(of subject: SubjectEntity, _ decisions: [DecisionEntity]) -> String? {
    if subject.withdrawnBy != nil { return "withdrawn" }
    if subject.heads.count > 1 { return "conflicted" }
    guard let policy = subject.submission?.policy, let head = subject.heads.first else { return "draft" }
    let said = verdicts(decisions.filter { $0.revision == head && $0.replacedBy == nil && !$0.isWithdrawn })
    let given = Set(said.values)
    if given.contains(.reject), !policy.rejectionIsAdvisory { return "rejected" }
    if given.contains(.requestChanges) { return "changes_requested" }
    if given.contains(.hold) { return "held" }
    let approvers = said.filter { $0.value == .approve && !subject.authors.contains($0.key) }
    guard approvers.count >= Int(max(policy.approvals, 1)) else { return "in_review" }
    return policy.requiredRoles.isEmpty ? "approved" : nil
  }

  private static func verdicts(_ decisions: [DecisionEntity]) -> [MemberID: Verdict] {
    var given: [MemberID: Set<Verdict>] = [:]
    for decision in decisions { given[decision.member, default: []].insert(decision.verdict) }
    return given.compactMapValues { all in strictness.first { all.contains($0) } }
  }
}
