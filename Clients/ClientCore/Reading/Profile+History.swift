// Who did what with a subject, from the facts that this device holds, with the ledger entries that prove it.
import ReviewModel
import Storage
import SyncEngine
import Trust

extension Profile {
  /// Who did what with a subject, oldest first.
  public func history(_ post: String) throws(ClientError) -> [HistoryEntry] {
    let id = try subjectID(post)
    let cache = try currentView()
    return try storing {
      let reader = EntityReader(cache: cache)
      let pending = try cache.overlayKeys()
      var events: [Event] = []
      for revision in try reader.revisions(of: id) {
        let content = SubjectIndexing.content(of: revision)
        events.append(
          Event(
            milliseconds: revision.atMilliseconds, order: 0, member: revision.member,
            action: content?.parents.isEmpty ?? true ? "created" : content?.parents.count == 1 ? "revised" : "merged",
            detail: content.map { String($0.text.prefix(80)) } ?? "erased", revision: revision.digest,
            index: revision.ledgerIndex, key: .revision(revision.digest)))
      }
      for decision in try reader.decisions(on: id) {
        events.append(
          Event(
            milliseconds: decision.atMilliseconds, order: 2, member: decision.member, action: decision.verdict.name,
            detail: decision.reason, revision: decision.revision, index: decision.ledgerIndex, key: .decision(decision.id)))
      }
      for comment in try reader.comments(on: id) {
        events.append(
          Event(
            milliseconds: comment.atMilliseconds, order: 3, member: comment.member, action: "commented",
            detail: comment.text, revision: comment.revision, index: nil, key: .comment(comment.id)))
      }
      if let subject = try reader.subject(id) { events += Self.facts(of: subject) }
      return try entries(events, pending: pending, reader)
    }
  }

  private struct Event {
    var milliseconds: UInt64
    /// Of what happened at one moment: revisions, their submission, decisions, remarks.
    var order: Int
    var member: MemberID
    var action: String
    var detail: String
    var revision: Digest?
    var index: UInt64?
    var key: EntityKey
  }

  private static func facts(of subject: SubjectEntity) -> [Event] {
    var events: [Event] = []
    if let submission = subject.submission {
      events.append(
        Event(
          milliseconds: submission.atMilliseconds, order: 1, member: submission.member, action: "submitted",
          detail: "needs \(submission.policy.approvals) approval\(submission.policy.approvals == 1 ? "" : "s")", revision: nil,
          index: nil, key: .subject(subject.id)))
    }
    if let member = subject.withdrawnBy {
      events.append(
        Event(
          milliseconds: subject.updatedMilliseconds, order: 4, member: member, action: "withdrawn", detail: "", revision: nil,
          index: nil, key: .subject(subject.id)))
    }
    return events
  }

  private func entries(_ events: [Event], pending: Set<EntityKey>, _ reader: EntityReader) throws -> [HistoryEntry] {
    let names = try reader.names(events.map(\.member))
    let proved = try reader.cache.evidence(events.compactMap(\.index))
    let sorted = events.sorted { ($0.milliseconds, $0.order, $0.key) < ($1.milliseconds, $1.order, $1.key) }
    return sorted.map { event in
      let isPending = event.index == nil && pending.contains(event.key)
      let evidence = event.index.map { proved[$0] == nil ? "acknowledged" : "proved" } ?? (isPending ? "pending" : "not held")
      return HistoryEntry(
        at: Timestamp.text(event.milliseconds), member: names[event.member] ?? "", action: event.action,
        detail: event.detail, revision: event.revision?.hex, ledgerIndex: event.index, evidence: evidence)
    }
  }
}
