// Deciding where words are missing. Live, an erased revision is one whose words nobody can compare any more. In a replay of
// the ledger its words may have been there when the decision was made: then what was recorded stands.
import ReviewModel
import Trust

/// A line of revisions, and where on it a new one was made.
struct Line {
  var heads: [Digest]
  var base: Digest
}

extension Attempt {
  /// What a revision says; nil if it was erased.
  mutating func words(of revision: RevisionEntity) -> RevisionWords? { noting(revision.words) }

  mutating func words(of given: GivenRevision) -> RevisionWords? { noting(given.words) }

  private mutating func noting(_ words: RevisionWords?) -> RevisionWords? {
    if words == nil { missesWords = true }
    return words
  }

  /// A stored revision as if it were given now.
  mutating func given(_ digest: Digest) throws(Halt) -> GivenRevision {
    guard let value = try revision(digest)?.value else { throw .refused(.partMissing) }
    if let words = words(of: value) { return GivenRevision(words) }
    guard restsOnRecord else { throw .refused(.partMissing) }
    return GivenRevision(erased: digest, parents: value.parents)
  }

  /// Whether this cannot be decided again, because words are gone that it rests on.
  var restsOnRecord: Bool { missesWords && context.recorded != nil }

  /// A refusal of the whole, for words that cannot be read again.
  var refusalOnRecord: Decided? {
    guard hasMissedWords, let recorded = context.recorded, let code = recorded.outcome.code,
      Self.refusalsForWords.contains(code), recorded.outcome.status == .rejected, touched.isSuperset(of: recorded.touched)
    else { return nil }
    return Decided(
      outcome: recorded.outcome, read: read, written: [], touched: recorded.touched, restsOnRecord: true)
  }

  /// What a text can be refused for, and nothing else; where a line goes is told apart by `advance`.
  private static let refusalsForWords: Set<RefusalCode> = [
    .partMismatch, .tooLarge, .nameRequired, .nothingChanged, .reasonRequired, .emptyContent,
  ]

  /// Whether its words had been erased when this was decided, and were refused for it with this code. In a replay they may be
  /// gone because of what came later.
  mutating func wasErased(_ value: EntityValue, refusedAs code: RefusalCode) -> Bool {
    guard value.isErased else { return false }
    guard context.recorded != nil else { return true }
    missesWords = true
    return recordedTarget.code == code
  }

  /// Where a line goes: as `decide` has it, or as was recorded.
  mutating func advance(
    _ line: Line, with given: GivenRevision, _ decide: (inout Attempt) throws(Halt) -> Advance
  ) throws(Halt) -> Advance {
    do {
      let advance = try decide(&self)
      guard restsOnRecord else { return advance }
    } catch {
      guard restsOnRecord, case .refused = error else { throw error }
    }
    return try recordedAdvance(line, given: given)
  }

  /// As the outcome has it that was recorded: its result is the given revision, the head that already said the same, or a
  /// merged revision whose words cannot be made again. A record that none of these explains is another decision.
  private mutating func recordedAdvance(_ line: Line, given: GivenRevision) throws(Halt) -> Advance {
    let recorded = recordedTarget
    let current = line.heads.count == 1 ? line.heads.first : nil
    if recorded.code == .nothingChanged { throw .refused(.nothingChanged, current: current) }
    if recorded.code == .unknownBase, !line.heads.contains(line.base) { throw .refused(.unknownBase, current: current) }
    guard recorded.status == .applied, let result = recorded.result else { throw .parked(.serverFault) }
    var advance = Advance(heads: line.heads, result: result, revisions: [given])
    if result == given.digest {
      let moved = line.heads.map { $0 == line.base ? given.digest : $0 }
      advance.heads = line.heads.contains(line.base) ? moved : line.heads + [given.digest]
      return advance
    }
    // Only two lines that met can end in something else.
    guard let current, current != line.base else { throw .parked(.serverFault) }
    if result == current { return advance }
    guard try !isTaken(.revision(result)) else { throw .parked(.serverFault) }
    advance.heads = [result]
    advance.revisions.append(GivenRevision(erased: result, parents: [current, given.digest]))
    return advance
  }

  var recordedTarget: TargetOutcome {
    let targets = context.recorded?.outcome.targets ?? []
    return targets.indices.contains(position) ? targets[position] : TargetOutcome(status: .parked, code: .serverFault)
  }
}
