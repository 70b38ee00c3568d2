// A subject as the audit sees it: what its decisions and revisions say by themselves, put together in the plainest way. Nothing
// here comes from the rules.
import ReviewModel
import Trust

/// What stands on a subject, entry by entry.
struct PlainSubject {
  struct Said {
    var member: MemberID
    var revision: Digest
    var verdict: Verdict
  }

  /// Applied, and neither replaced nor withdrawn.
  var said: [DecisionID: Said] = [:]
  /// Replaced before they had come, by the same member.
  var replacedEarly: [DecisionID: Set<MemberID>] = [:]
  var heads: [Digest] = []

  mutating func decide(_ target: DecisionTarget, verdict: Verdict, by member: MemberID) {
    for id in target.replaces {
      if said[id]?.member == member {
        said[id] = nil
      } else {
        replacedEarly[id, default: []].insert(member)
      }
    }
    guard replacedEarly[target.decision]?.contains(member) != true else { return }
    said[target.decision] = Said(member: member, revision: target.revision, verdict: verdict)
  }

  mutating func withdraw(_ decision: DecisionID) { said[decision] = nil }
}

/// The revisions that there are, and who wrote each from what.
struct PlainRevisions {
  private(set) var parents: [Digest: [Digest]] = [:]
  private(set) var authors: [Digest: Set<MemberID>] = [:]
  /// Revisions that somebody approved at some time: what was written before the last of them is settled.
  var approved: Set<Digest> = []

  mutating func add(_ digest: Digest, _ content: RevisionContent) {
    parents[digest] = content.parents
    authors[digest] = Set(content.authors)
  }

  /// One whose words nobody has seen; what was seen before stays.
  mutating func add(erased digest: Digest, parents: [Digest]) {
    if self.parents[digest] == nil { self.parents[digest] = parents }
  }

  /// Whether `old` is one of `heads` or what one of them was made from.
  func leads(_ old: Digest, to heads: [Digest]) -> Bool {
    var seen: Set<Digest> = []
    var waiting = heads
    while let next = waiting.popLast() {
      if next == old { return true }
      if seen.insert(next).inserted { waiting += parents[next] ?? [] }
    }
    return false
  }

  /// Who wrote a revision, and what it was made from since the last one that was approved.
  func writers(of head: Digest) -> Set<MemberID> {
    var writers = authors[head] ?? []
    var seen: Set<Digest> = [head]
    var waiting = parents[head] ?? []
    while let next = waiting.popLast() {
      guard seen.insert(next).inserted, !approved.contains(next) else { continue }
      writers.formUnion(authors[next] ?? [])
      waiting += parents[next] ?? []
    }
    return writers
  }
}
