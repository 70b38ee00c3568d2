// Who did what with a subject, from the facts that this device holds, with the ledger entries that prove it. What was taken
// back since is marked; texts are whole, whoever shows them cuts them.
import ReviewModel
import Storage
import SyncEngine
import Trust

extension Profile {
  /// Who did what with a subject, oldest first; at the end, without a time, what is held without one.
  public func history(_ post: String) throws(ClientError) -> [HistoryEntry] {
    let id = try subjectID(post)
    let cache = try currentView()
    return try storing {
      let reader = EntityReader(cache: cache)
      let comments = try reader.comments(on: id)
      let subject = try reader.subject(id)
      var events = try reader.revisions(of: id).map { Self.event(of: $0, in: subject) }
      events += try reader.decisions(on: id).map(Self.event(of:))
      events += comments.map(Self.event(of:))
      events += try Self.settled(reader.threads(on: id), comments)
      if let subject {
        events += Self.facts(of: subject)
        events += try Self.delegations(of: subject, names: reader.names(subject.delegations.map(\.delegate)))
      }
      return try entries(events, pending: cache.overlayKeys(), reader)
    }
  }

  private struct Event {
    /// Nil if no time is held.
    var milliseconds: UInt64?
    /// Of what happened at one moment: revisions, their submission, decisions, remarks.
    var order: Int
    var member: MemberID
    var action: String
    var detail = ""
    var revision: Digest?
    var index: UInt64?
    var key: EntityKey
  }

  private static func event(of revision: RevisionEntity, in subject: SubjectEntity?) -> Event {
    let reading = subject.map { RevisionReading(revision, named: revision.digest, of: $0) } ?? .notHeld
    let action = revision.parents.isEmpty ? "created" : revision.parents.count == 1 ? "revised" : "merged"
    let unreadable = RevisionProblem(reading)?.mark ?? ErasureMark.text
    return Event(
      milliseconds: revision.atMilliseconds, order: 0, member: revision.member, action: action,
      detail: reading.content?.text ?? unreadable, revision: revision.digest, index: revision.ledgerIndex,
      key: .revision(revision.digest))
  }

  /// The mark stands in the action: whoever looks for approvals finds none that was taken back.
  private static func event(of decision: DecisionEntity) -> Event {
    let mark = decision.isWithdrawn ? " (withdrawn)" : decision.replacedBy != nil ? " (replaced)" : ""
    return Event(
      milliseconds: decision.atMilliseconds, order: 2, member: decision.member, action: decision.verdict.name + mark,
      detail: decision.shownReason, revision: decision.revision, index: decision.ledgerIndex, key: .decision(decision.id))
  }

  private static func event(of comment: CommentEntity) -> Event {
    Event(
      milliseconds: comment.atMilliseconds, order: 3, member: comment.member, action: "commented",
      detail: comment.shownText, revision: comment.revision, key: .comment(comment.id))
  }

  /// Conversations that somebody has ended, each with the remark that began it.
  private static func settled(_ threads: [ThreadID: ThreadEntity], _ comments: [CommentEntity]) -> [Event] {
    threads.values.compactMap { thread in
      guard let member = thread.resolvedBy else { return nil }
      let beginning = comments.first { $0.thread == thread.id }
      return Event(
        milliseconds: nil, order: 5, member: member, action: "resolved", detail: beginning?.shownText ?? "",
        key: .thread(thread.id))
    }
  }

  private static func delegations(of subject: SubjectEntity, names: [MemberID: String]) -> [Event] {
    subject.delegations.map { delegation in
      Event(
        milliseconds: nil, order: 4, member: delegation.member, action: "delegated",
        detail: "to \(names[delegation.delegate] ?? "")", key: .subject(subject.id))
    }
  }

  private static func facts(of subject: SubjectEntity) -> [Event] {
    var events: [Event] = []
    if let submission = subject.submission {
      let approvals = submission.policy.approvals
      events.append(
        Event(
          milliseconds: submission.atMilliseconds, order: 1, member: submission.member, action: "submitted",
          detail: "needs \(approvals) approval\(approvals == 1 ? "" : "s")", key: .subject(subject.id)))
    }
    if let member = subject.withdrawnBy {
      events.append(
        Event(
          milliseconds: subject.updatedMilliseconds, order: 4, member: member, action: "withdrawn",
          detail: subject.shownWithdrawalReason, key: .subject(subject.id)))
    }
    return events
  }

  private func entries(_ events: [Event], pending: Set<EntityKey>, _ reader: EntityReader) throws -> [HistoryEntry] {
    let names = try reader.names(events.map(\.member))
    let proved = try reader.cache.evidence(events.compactMap(\.index))
    let sorted = events.sorted { one, other in
      (one.milliseconds ?? UInt64.max, one.order, one.key) < (other.milliseconds ?? UInt64.max, other.order, other.key)
    }
    return sorted.map { event in
      let isPending = event.index == nil && pending.contains(event.key)
      let evidence = event.index.map { proved[$0] == nil ? "acknowledged" : "proved" } ?? (isPending ? "pending" : "not held")
      return HistoryEntry(
        at: event.milliseconds.map(Timestamp.text) ?? "", member: names[event.member] ?? "", action: event.action,
        detail: event.detail, revision: event.revision?.hex, ledgerIndex: event.index, evidence: evidence)
    }
  }
}
