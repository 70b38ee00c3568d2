// Whether what stands on each subject is what was signed for: decisions stay with their revision, none that counts is missing,
// nobody clears his own work, and no text is written over. A second, plain way to see it, entry by entry.
import ReviewModel
import Storage
import Trust

final class SubjectAudit {
  private var subjects: [SubjectID: PlainSubject] = [:]
  private var revisions = PlainRevisions()
  /// What each decision was made on, and by whom, as its envelope says.
  private var decided: [DecisionID: (revision: Digest, member: MemberID)] = [:]

  // MARK: Entries

  /// What an envelope said, as far as its outcome lets it count.
  func note(_ mutation: Mutation, _ outcome: Outcome, by member: MemberID) {
    switch mutation {
    case .decide(let body):
      for (place, target) in body.targets.enumerated() {
        if decided[target.decision] == nil { decided[target.decision] = (target.revision, member) }
        guard Self.isApplied(outcome, place) else { continue }
        subjects[target.subject, default: PlainSubject()].decide(target, verdict: body.verdict, by: member)
        if body.verdict == .approve { revisions.approved.insert(target.revision) }
      }
    case .withdrawDecision(let body) where Self.isApplied(outcome, 0):
      subjects[body.subject, default: PlainSubject()].withdraw(body.decision)
    default: return
    }
  }

  private static func isApplied(_ outcome: Outcome, _ place: Int) -> Bool {
    guard outcome.duplicateOf == nil else { return false }
    return outcome.targets.indices.contains(place) && outcome.targets[place].status == .applied
  }

  // MARK: Writes

  /// Revisions of a commit, before its subjects.
  func note(revision payload: [UInt8]) throws {
    let entity = try RevisionEntity(canonical: payload)
    guard !entity.isErased, let part = Part(entity.part) else {
      // Brought and erased in one commit: only what it was made from is left.
      return revisions.add(erased: entity.digest, parents: entity.parents)
    }
    revisions.add(entity.digest, try RevisionContent(canonical: part.content))
  }

  /// A subject at the end of a commit.
  func note(subject payload: [UInt8]) throws {
    let subject = try SubjectEntity(canonical: payload)
    var plain = subjects[subject.id] ?? PlainSubject()
    if plain.heads != subject.heads {
      for old in plain.heads where !revisions.leads(old, to: subject.heads) {
        throw Violation(.headLost, "revision \(old) of subject \(subject.id) is gone from \(subject.heads)")
      }
      plain.heads = subject.heads
    }
    subjects[subject.id] = plain
    try check(standing: subject, plain)
    try checkApproval(of: subject)
  }

  private func check(standing subject: SubjectEntity, _ plain: PlainSubject) throws {
    for standing in subject.standing {
      guard let made = decided[standing.decision], made.revision == standing.revision, made.member == standing.member else {
        throw Violation(.decisionMoved, "decision \(standing.decision) stands on what it was not made on")
      }
      guard subject.heads.contains(standing.revision), plain.said[standing.decision] != nil else {
        throw Violation(.decisionMoved, "decision \(standing.decision) stands on what is not current, or no longer stands")
      }
    }
    // What was said of the one head that there is stays, until it is replaced, withdrawn, or the head moves.
    guard subject.heads.count == 1, let head = subject.heads.first else { return }
    let held = Set(subject.standing.map(\.decision))
    let missing = plain.said.filter { $0.value.revision == head && !held.contains($0.key) }
    guard let one = missing.keys.min() else { return }
    throw Violation(.verdictLost, "decision \(one) counts on subject \(subject.id) and does not stand")
  }

  /// Approved is what has one head, is submitted and not withdrawn, has nothing standing against it, and enough approvals by
  /// those who wrote none of it.
  private func checkApproval(of subject: SubjectEntity) throws {
    guard subject.withdrawnBy == nil, subject.heads.count == 1, let head = subject.heads.first,
      let policy = subject.submission?.policy
    else { return }
    let said = subject.standing.filter { $0.revision == head }
    let against = Set(said.filter { $0.verdict != .approve }.map(\.member))
    let approvers = Set(said.filter { $0.verdict == .approve }.map(\.member)).subtracting(against)
    let others = approvers.subtracting(subject.authors)
    let needed = Int(max(policy.approvals, 1))
    // Not approved by its own account: nothing to doubt.
    guard against.isEmpty, others.count >= needed else { return }
    guard approvers.subtracting(revisions.writers(of: head)).count >= needed else {
      throw Violation(.selfApproved, "subject \(subject.id) counts as approved without enough others")
    }
  }
}
