// Whether what is current belongs where it is shown, and whether what this device has decided still stands: that what stands
// was decided is the other half, in +Content.
import ReviewModel
import Storage
import SyncEngine
import Trust

extension LocalAudit {
  /// Every current text that is held is the subject's own.
  mutating func checkHeads() {
    let held = Dictionary(revisions.map { ($0.digest, $0) }, uniquingKeysWith: { first, _ in first })
    for subject in subjects {
      for head in subject.heads {
        guard let revision = held[head] else { continue }
        switch RevisionReading(revision, named: head, of: subject) {
        case .verified, .erased, .notHeld: continue
        case .damaged, .ofAnotherSubject:
          let post = subject.id.hex.prefix(8)
          findings.problem("The revision \(head.hex.prefix(8)) is not a text of the post \(post) that shows it.")
        }
      }
    }
  }

  /// Every decision of this device that the server has answered as applied still stands, unless its revision is no longer
  /// current, or it was replaced or taken back.
  ///
  /// - Parameter rows: the answered rows of the outbox. Of older ones, which it has forgotten, nothing is known.
  mutating func checkOwnDecisions(_ rows: [OutboxRow], in cache: any CacheStore) throws(StorageError) {
    let own = OwnDecisions(rows)
    let cursors = Dictionary(try cache.scopes().map { ($0.scope, $0.cursor) }, uniquingKeysWith: { first, _ in first })
    let held = try cache.base(Set(own.made.map(\.target.subject)).sorted().map { .subject($0) })
    for made in own.made where !own.takenBack.contains(made.target.decision) {
      let key = EntityKey.subject(made.target.subject)
      // After an interrupted sync the answer may be here before the rows: only commits that the cache has reached count.
      guard let stored = held[key], (cursors[stored.scope] ?? 0) >= made.commitSeq,
        case .subject(let subject) = Replay.namedEntity(key, stored)?.value, subject.heads == [made.target.revision],
        !subject.standing.contains(where: { $0.decision == made.target.decision })
      else { continue }
      if let decision = decisions[made.target.decision], decision.isWithdrawn || decision.replacedBy != nil { continue }
      let name = "The decision \(made.target.decision.hex.prefix(8)) of this device"
      findings.problem(
        "\(name) does not stand on the post \(subject.id.hex.prefix(8)), though the server has answered that it was applied and "
          + "nobody has taken it back.")
    }
  }
}

/// What this device has decided and taken back, as far as the server has answered that it was applied.
private struct OwnDecisions {
  struct Made {
    var target: DecisionTarget
    /// Where the change log was after it.
    var commitSeq: UInt64
  }

  private(set) var made: [Made] = []
  private(set) var takenBack: Set<DecisionID> = []

  init(_ rows: [OutboxRow]) {
    for row in rows {
      guard let answer = row.answer, let outcome = OutcomeReading.outcome(row) else { continue }
      switch Self.mutation(row) {
      case .decide(let body):
        for (target, answered) in zip(body.targets, outcome.targets) where answered.status == .applied {
          made.append(Made(target: target, commitSeq: answer.commitSeq))
          takenBack.formUnion(target.replaces)
        }
      case .withdrawDecision(let body) where outcome.status == .applied: takenBack.insert(body.decision)
      default: continue
      }
    }
  }

  /// Nil for what this version cannot read.
  private static func mutation(_ row: OutboxRow) -> Mutation? {
    do {
      guard case .known(let mutation) = try Mutation.decode(row.mutation.body) else { return nil }
      return mutation
    } catch {
      return nil
    }
  }
}
