// What becomes of a line of revisions when a new one arrives: it goes on, is merged, or splits into several heads.
import ReviewModel
import Trust

/// The heads of a line after a revision was taken in.
struct Advance {
  var heads: [Digest]
  /// The revision that came of it: the given one, or the merged one.
  var result: Digest
  /// What must be stored, in order.
  var revisions: [GivenRevision]
}

enum Reconciliation {
  /// Brings two revisions together that were both made from `ancestor`; where that cannot be done, both are heads.
  static func join(
    head: RevisionEntity, given: GivenRevision, ancestor: RevisionEntity, isDocument: Bool, _ attempt: inout Attempt
  ) -> Advance {
    let split = Advance(heads: [head.digest, given.digest], result: given.digest, revisions: [given])
    guard let current = attempt.words(of: head), let base = attempt.words(of: ancestor), let new = attempt.words(of: given),
      var content = MergeAlgorithm.merge(base: base.content, left: current.content, right: new.content),
      !content.isEmpty(isDocument: isDocument), isFairSize(content)
    else { return split }
    // Both made the same change: what is current stays, with all that was decided on it. The given revision is kept,
    // because others may have been made from it.
    if content.reads(as: current.content) {
      return Advance(heads: [head.digest], result: head.digest, revisions: [given])
    }
    content.authors = Rules.mergeAuthors(of: [current.content, new.content])
    content.parents = [head.digest, given.digest]
    let salt = SHA256.hash([Array("merge".utf8), current.part.salt, new.part.salt, attempt.context.mutationID.bytes])
    let merged = GivenRevision(RevisionWords(part: .revision(content, salt: salt.bytes), content: content))
    return Advance(heads: [merged.digest], result: merged.digest, revisions: [given, merged])
  }

  private static func isFairSize(_ content: RevisionContent) -> Bool {
    do {
      try PartSet.requireFairSize(content)
      return true
    } catch {
      return false
    }
  }
}

extension Rules {
  /// The authors that a merged revision names: those of its parents in their order, then whoever merged.
  package static func mergeAuthors(of parents: [RevisionContent], mergedBy member: MemberID? = nil) -> [MemberID] {
    union(parents.flatMap(\.authors), member.map { [$0] } ?? [])
  }

  /// The first list, then what only the second holds; each once.
  static func union(_ first: [MemberID], _ second: [MemberID]) -> [MemberID] {
    var seen: Set<MemberID> = []
    return (first + second).filter { seen.insert($0).inserted }
  }
}

extension Attempt {
  /// Whether a revision, or one that reads the same, is among the heads' ancestors or is one of them. Looks back over
  /// a bounded number of revisions, and of generations, because each is one round of loading: what is loaded already must not
  /// reach further back. What merging needs of an ancestor is its words, so its words are what counts.
  mutating func isAncestor(_ ancestor: RevisionEntity, of heads: [Digest]) throws(Halt) -> Bool {
    let words = ancestor.words?.content
    var areAllRead = words != nil
    var seen = Set(heads)
    var generation = heads
    var generationCount = 0
    while !generation.isEmpty, seen.count <= RuleLimits.ancestors, generationCount < RuleLimits.generations {
      generationCount += 1
      try require(generation.map { .revision($0) })
      var parents: [Digest] = []
      for digest in generation {
        guard let value = try revision(digest)?.value else { continue }
        parents += value.parents
        guard let content = value.words?.content else {
          areAllRead = false
          continue
        }
        if let words, content.reads(as: words) { return true }
      }
      if parents.contains(ancestor.digest) { return true }
      generation = parents.filter { seen.insert($0).inserted }
    }
    // One that reads the same may have been among them.
    if !areAllRead { missesWords = true }
    return false
  }
}
