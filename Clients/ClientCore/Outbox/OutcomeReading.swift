// What became of outbox rows, target by target, for commands and for the list of outcomes.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import Trust

enum OutcomeReading {
  static let staleExit: Int32 = 6
  static let blockedExit: Int32 = 5
  static let rejectedExit: Int32 = 8
  static let notFoundExit: Int32 = 9
  static let notConfirmedExit: Int32 = 7
  /// What helps where a stored envelope was damaged.
  static let damagedRemedy = "Say it again; this device goes on under a new identity."

  /// The outcome in a row's answer; nil before it is answered.
  static func outcome(_ row: OutboxRow) -> Outcome? {
    guard let answer = row.answer else { return nil }
    do {
      return try LeafRecord(tolerating: answer.leafRecord).outcome
    } catch {
      return nil
    }
  }

  /// A result for each target of a row.
  static func results(_ row: OutboxRow) -> [ChangeResult] {
    let targets = MutationDescription(row.mutation).targets
    if row.state == .quarantined {
      return targets.map { target -> ChangeResult in
        var damaged = result(target, status: "damaged", code: nil, exit: rejectedExit)
        damaged.reason = row.quarantineReason ?? ""
        damaged.remedy = damagedRemedy
        return damaged
      }
    }
    guard let outcome = outcome(row) else {
      return targets.map { result($0.asMade(nil), status: "queued", code: nil, exit: notConfirmedExit) }
    }
    return targets.enumerated().map { index, target in
      let answered =
        index < outcome.targets.count ? outcome.targets[index] : TargetOutcome(status: outcome.status, code: outcome.code)
      return result(target, answered)
    }
  }

  /// What an outcome, predicted or answered, means for one target.
  static func result(_ target: MutationDescription.Target, _ outcome: TargetOutcome) -> ChangeResult {
    switch outcome.status {
    case .applied, .staged: result(target.asMade(outcome.result), status: "applied", code: nil, exit: 0)
    case .rejected: result(target, status: "rejected", code: outcome.code, exit: exit(outcome.code))
    case .parked: result(target, status: "parked", code: outcome.code, exit: rejectedExit)
    }
  }

  static func result(
    _ target: MutationDescription.Target, status: String, code: RefusalCode?, exit: Int32
  ) -> ChangeResult {
    ChangeResult(
      post: target.subject?.hex ?? "", revision: target.revision?.hex ?? "", status: status, code: code?.name ?? "",
      reason: code?.sentence ?? "", exit: exit, target: target.erased?.description ?? "")
  }

  static func exit(_ code: RefusalCode?) -> Int32 {
    switch code {
    case .staleRevision: staleExit
    case .blocked: blockedExit
    case .notFound: notFoundExit
    default: rejectedExit
    }
  }
}

extension ClientError {
  /// A refusal of the rules that belongs to no target, in their words.
  init(rejected code: RefusalCode) {
    self.init(code == .notPermitted ? .notPermitted : .rejected, code.sentence, remedy: code.remedy)
  }
}

extension MutationDescription.Target {
  /// With the revision that is there now in place of the one it was made from: a change's answer is copied into the next
  /// command.
  ///
  /// - Parameter result: what the rules made of it, if that is known; a merge of two changes is neither's own revision.
  func asMade(_ result: Digest?) -> MutationDescription.Target {
    guard let made else { return self }
    return MutationDescription.Target(subject: subject, revision: result ?? made, made: made)
  }
}

extension Profile {
  /// What the server answered, newest first; what was damaged here is among the refused.
  public func outcomes(refusedOnly: Bool, limit: Int) throws(ClientError) -> [OutcomeReport] {
    _ = try currentView()
    let rows = try storing { try outbox.answered(isRefused: refusedOnly, limit: limit) }
    var reports: [OutcomeReport] = []
    for row in rows {
      reports += try outcomeReports(row).filter { !refusedOnly || !["applied", "staged"].contains($0.status) }
    }
    return Array(reports.prefix(max(0, limit)))
  }

  /// One report for each target of an answered or damaged row.
  func outcomeReports(_ row: OutboxRow) throws(ClientError) -> [OutcomeReport] {
    let cache = try openedCache()
    let description = MutationDescription(row.mutation)
    let outcome = OutcomeReading.outcome(row)
    return try storing {
      let reader = EntityReader(cache: cache)
      let isProved = try row.answer.map { try $0.isProved || !cache.evidence([$0.ledgerIndex]).isEmpty } ?? false
      return try description.targets.enumerated().map { index, target in
        let answered = outcome.flatMap { index < $0.targets.count ? $0.targets[index] : nil }
        return try report(row, description, target, answered, isProved: isProved, reader)
      }
    }
  }

  private func report(
    _ row: OutboxRow, _ description: MutationDescription, _ target: MutationDescription.Target, _ answered: TargetOutcome?,
    isProved: Bool, _ reader: EntityReader
  ) throws -> OutcomeReport {
    let isDamaged = row.state == .quarantined
    // What is there today: what stood there when the server answered may be long replaced.
    let subject = try target.subject.flatMap { try reader.subject($0) }
    let heads = subject?.heads ?? []
    let isConflicted = heads.count > 1
    let diff = try Self.diff(target, to: heads, reader)
    let code = answered?.code
    // Nobody can decide again before there is one text to decide on.
    let remedy = code == .staleRevision && isConflicted ? RefusalCode.conflicted.remedy : code?.remedy ?? ""
    let serverTime = row.answer.flatMap { (try? LeafRecord(tolerating: $0.leafRecord))?.serverMilliseconds }  // nil: as queued
    return OutcomeReport(
      mutation: row.mutation.mutationID.hex, status: isDamaged ? "damaged" : answered?.status.name ?? "applied",
      code: code?.name ?? "", reason: isDamaged ? row.quarantineReason ?? "" : code?.sentence ?? "",
      remedy: isDamaged ? OutcomeReading.damagedRemedy : remedy,
      post: target.subject?.hex ?? "", target: target.erased?.description ?? "",
      original: OutcomeReport.Original(
        kind: description.kind, verdict: description.verdict, revision: target.revision?.hex ?? "", words: description.words),
      current: heads.first?.hex ?? "", currentState: try Self.currentState(of: subject, named: target.subject, reader),
      diff: diff, at: Timestamp.text(serverTime ?? row.mutation.queuedMilliseconds),
      ledgerIndex: row.answer?.ledgerIndex, evidence: isDamaged ? "" : isProved ? "proved" : "acknowledged")
  }

  /// What a comparison does not tell of what is there now.
  private static func currentState(
    of subject: SubjectEntity?, named id: SubjectID?, _ reader: EntityReader
  ) throws -> String {
    guard id != nil else { return "" }
    guard let subject else { return "gone" }
    if subject.heads.count > 1 { return "conflicted" }
    if let head = subject.heads.first {
      let reading = try reader.reading(head, of: subject)
      if reading == .erased { return "erased" }
      if let problem = RevisionProblem(reading) { return problem.rawValue }
    }
    return subject.withdrawnBy == nil ? "" : "withdrawn"
  }

  /// From what was seen to what is there now, each of several versions; nil where that cannot be compared.
  private static func diff(
    _ target: MutationDescription.Target, to versions: [Digest], _ reader: EntityReader
  ) throws -> RevisionDiff? {
    guard let subject = try target.subject.flatMap({ try reader.subject($0) }), let seen = target.revision,
      let old = try reader.reading(seen, of: subject).content
    else { return nil }
    var diffs: [RevisionDiff] = []
    for version in versions where version != seen {
      guard let new = try reader.reading(version, of: subject).content else { continue }
      diffs.append(RevisionComparison.diff(subject: subject.id, from: (seen, old), to: (version, new)))
    }
    guard var diff = diffs.first else { return nil }
    diff.others = Array(diffs.dropFirst())
    return diff
  }
}
