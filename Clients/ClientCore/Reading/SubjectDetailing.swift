// Puts one subject together for `show`: heads, draft, decisions, remarks, and what this member may do with it now.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import Trust

struct SubjectDetailing {
  let reader: EntityReader
  let actor: ReplayActor

  init(cache: any CacheStore, actor: ReplayActor) {
    reader = EntityReader(cache: cache)
    self.actor = actor
  }

  func detail(_ id: SubjectID) throws -> SubjectDetail? {
    guard let subject = try reader.subject(id) else { return nil }
    let item = try subject.item.flatMap { try reader.item($0) }
    let campaign = try campaign(subject.campaign)
    let me = try reader.member(actor.member)
    let pendingKeys = try reader.cache.overlayKeys()
    let revision = try subject.heads.first.flatMap { try reader.revision($0) }
    let source = SubjectIndexing.Source(
      subject: subject, revision: revision, item: item, campaign: campaign, member: me,
      isPending: pendingKeys.contains(.subject(id)))
    let draft = try reader.draft(id)
    let heads = try subject.heads.map { try self.revision($0, of: subject, isDraft: false) }
    let verdicts = subject.heads.first.map { SubjectState.effectiveVerdicts(of: subject, on: $0) } ?? [:]
    let policy = subject.submission?.policy
    let asked = try reader.names(subject.assigned + subject.delegations.flatMap { [$0.member, $0.delegate] })
    return SubjectDetail(
      summary: Self.summary(source, heads.first), arm: subject.target.arm, theme: item?.shownTheme ?? "",
      canonical: item?.content.canonicalText ?? "", heads: heads,
      draft: try draft?.heads.first.map { try self.revision($0, of: subject, isDraft: true) },
      approvalsNeeded: Int(max(policy?.approvals ?? 1, 1)),
      approvalsGiven: verdicts.filter { $0.value == .approve && !subject.authors.contains($0.key) }.count,
      decisions: try decisions(subject, pending: pendingKeys), comments: try comments(id, pending: pendingKeys),
      assigned: subject.assigned.compactMap { asked[$0] },
      delegations: subject.delegations.map {
        DelegationDetail(member: asked[$0.member] ?? "", delegate: asked[$0.delegate] ?? "")
      },
      allowed: Self.allowed(subject, heads, draft: draft, for: me))
  }

  private static func summary(_ source: SubjectIndexing.Source, _ head: RevisionDetail?) -> SubjectSummary {
    var lines = SubjectLines(wordless: WordlessLines())
    var summary = lines.summary(SubjectIndexing.row(source))
    summary.campaign = source.campaign?.shownName ?? summary.campaign
    summary.isErased = head?.isErased ?? false
    summary.problem = head?.problem ?? ""
    return summary
  }

  private func campaign(_ id: CampaignID) throws -> CampaignEntity? {
    guard case .campaign(let value) = try reader.entity(.campaign(id))?.value else { return nil }
    return value
  }

  /// Of what does not hold nothing is told but its digest: neither its text nor what its row says.
  func revision(_ digest: Digest, of subject: SubjectEntity, isDraft: Bool) throws -> RevisionDetail {
    let reading = try reader.reading(digest, of: subject)
    let problem = RevisionProblem(reading)
    let row = try problem == nil ? reader.revision(digest) : nil
    let content = reading.content ?? RevisionContent()
    let authors = content.authors.isEmpty ? row.map { [$0.member] } ?? [] : content.authors
    let names = try reader.names(authors)
    return RevisionDetail(
      digest: digest.hex, authors: authors.compactMap { names[$0] }, parents: content.parents.map(\.hex), title: content.title,
      text: content.text, hashtags: content.hashtags, link: content.link,
      media: content.media.map {
        RevisionDetail.Media(
          name: $0.fileName, digest: $0.digest.hex, size: $0.byteCount, kind: $0.mediaType, state: "pending")
      },
      altText: content.altText,
      provenance: content.provenance.map {
        RevisionDetail.Provenance(agent: $0.agent, prompt: $0.prompt, promptVersion: $0.promptVersion, model: $0.model)
      },
      isErased: reading == .erased, isDraft: isDraft, createdAt: Timestamp.text(row?.atMilliseconds ?? 0),
      problem: problem?.rawValue ?? "")
  }

  private func decisions(_ subject: SubjectEntity, pending: Set<EntityKey>) throws -> [DecisionDetail] {
    let all = try reader.decisions(on: subject.id)
    let names = try reader.names(all.map(\.member))
    return all.map { decision in
      DecisionDetail(
        decision: decision.id.hex, member: names[decision.member] ?? "", verdict: decision.verdict.name,
        revision: decision.revision.hex, reason: decision.reason, at: Timestamp.text(decision.atMilliseconds),
        status: Self.status(decision, in: subject), isPending: pending.contains(.decision(decision.id)),
        ledgerIndex: decision.ledgerIndex, isErased: EntityValue.decision(decision).isErased)
    }
  }

  static func status(_ decision: DecisionEntity, in subject: SubjectEntity) -> String {
    if decision.isWithdrawn { return "withdrawn" }
    if decision.replacedBy != nil { return "replaced" }
    return subject.standing.contains { $0.decision == decision.id } ? "standing" : "past"
  }

  private func comments(_ id: SubjectID, pending: Set<EntityKey>) throws -> [CommentDetail] {
    let threads = try reader.threads(on: id)
    let all = try reader.comments(on: id)
    let names = try reader.names(all.map(\.member))
    return all.map { comment in
      CommentDetail(
        comment: comment.id.hex, thread: comment.thread.hex, member: names[comment.member] ?? "", text: comment.text,
        at: Timestamp.text(comment.atMilliseconds), isEdited: comment.editedMilliseconds > 0,
        isInternal: threads[comment.thread]?.isInternal ?? false,
        isThreadResolved: threads[comment.thread]?.resolvedBy != nil, isPending: pending.contains(.comment(comment.id)),
        isErased: EntityValue.comment(comment).isErased)
    }
  }

  private static func allowed(
    _ subject: SubjectEntity, _ heads: [RevisionDetail], draft: DraftEntity?, for me: MemberEntity?
  ) -> [String] {
    guard let me, !me.isRemoved else { return [] }
    var allowed: [String] = []
    let isWithdrawn = subject.withdrawnBy != nil
    let isConflicted = subject.heads.count > 1
    // What cannot be shown cannot be signed.
    let isReadable = heads.allSatisfy { $0.problem.isEmpty && !$0.isErased }
    if me.roles.contains(.reviewer), subject.submission != nil, !isWithdrawn, !isConflicted, isReadable {
      allowed.append("decide")
    }
    if Visibility.worksInternally(me), !isWithdrawn {
      allowed.append("revise")
      if !isConflicted, subject.submission == nil || draft?.heads.count == 1 { allowed.append("submit") }
      allowed.append("withdraw")
      if isConflicted || (draft?.heads.count ?? 0) > 1 { allowed.append("merge") }
    }
    if me.roles.contains(where: { [.admin, .editor, .reviewer].contains($0) }) { allowed.append("comment") }
    return allowed
  }
}
