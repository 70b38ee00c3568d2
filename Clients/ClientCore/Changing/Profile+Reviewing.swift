// What reviewers do. Every change is durable when its function returns, and predicted by the same rules that the server
// decides by; a target that they refuse here is not queued.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import Trust

extension Profile {
  /// One verdict (`approve`, `hold`, `request_changes`, `reject`) on exact revisions, of any campaigns, however many.
  public func decide(
    _ verdict: String, targets: [(post: String, revision: String)], reason: String?
  ) throws(ClientError) -> ChangeReport {
    let found = try resolved(targets)
    return try change(try decisionDrafts(verdict, found.targets, reason: reason), missing: found.missing)
  }

  /// What the rules would say to such a decision now, target by target; nothing is made of it. `queued` stands for what
  /// they would let through.
  public func predictedDecision(
    _ verdict: String, targets: [(post: String, revision: String)], reason: String?
  ) throws(ClientError) -> [ChangeResult] {
    let found = try resolved(targets)
    let drafts = try decisionDrafts(verdict, found.targets, reason: reason)
    return try predict(drafts, on: currentView()).results + found.missing
  }

  private func decisionDrafts(
    _ verdict: String, _ targets: [FoundTarget], reason: String?
  ) throws(ClientError) -> [ChangeDraft] {
    guard let verdict = Verdict.allCases.first(where: { $0.name == verdict }) else {
      throw ClientError(.badInput, "\"\(verdict)\" is no verdict.", remedy: "Use approve, hold, request_changes or reject.")
    }
    let member = openIdentity.member
    let reader = EntityReader(cache: try currentView())
    var drafts: [ChangeDraft] = []
    for group in Self.groups(targets) {
      var body = Decide()
      body.verdict = verdict
      let part = reason.map { newPart($0, .reason) }
      body.reason = part?.digest
      body.targets = try storing {
        try group.map { subject, revision in
          var target = DecisionTarget()
          target.decision = newID()
          target.subject = subject.id
          target.revision = revision
          target.replaces = try reader.decisions(on: subject.id)
            .filter { $0.member == member && $0.replacedBy == nil && !$0.isWithdrawn && $0.revision == revision }
            .suffix(RuleLimits.replacedDecisions).map(\.id)
          return target
        }
      }
      drafts.append(ChangeDraft(.decide(body), parts: part.map { [$0] } ?? [], isSplittable: true))
    }
    return drafts
  }

  /// Takes back every own decision that stands on the subject.
  public func withdrawDecision(post: String) throws(ClientError) -> ChangeReport {
    let subject = try heldSubject(post)
    let member = openIdentity.member
    let own = subject.standing.filter { $0.member == member }
    guard !own.isEmpty else {
      throw ClientError(.notFound, "No decision of yours stands on this post.", remedy: "Look at it with show.")
    }
    return try change(
      own.map { standing in
        var body = WithdrawDecision()
        body.subject = subject.id
        body.decision = standing.decision
        return ChangeDraft(.withdrawDecision(body))
      })
  }

  /// Asks another reviewer (a name or an id) to decide in this member's place. They decide in their own name.
  public func delegate(posts: [String], to name: String) throws(ClientError) -> ChangeReport {
    let delegate = try member(named: name).id
    let found = try resolved(posts.map { (post: $0, revision: Digest.zero.hex) })
    let drafts = Self.groups(found.targets).map { group in
      var body = Delegate()
      body.subjects = group.map(\.subject.id)
      body.member = delegate
      return ChangeDraft(.delegate(body), isSplittable: true)
    }
    return try change(drafts, missing: found.missing)
  }

  /// A remark; without a thread it opens one.
  public func comment(
    post: String, text: String, isInternal: Bool = false, thread: String? = nil
  ) throws(ClientError) -> ChangeReport {
    let subject = try heldSubject(post)
    let part = newPart(text, .comment)
    var body = AddComment()
    body.subject = subject.id
    body.thread = newID()
    if let thread { body.thread = try Self.id(thread, "thread") }
    body.comment = newID()
    body.text = part.digest
    body.isInternal = isInternal
    body.revision = try revisionThatWasRead(of: subject)
    return try change([ChangeDraft(.comment(body), parts: [part])])
  }

  /// Replaces the text of an own remark.
  public func editComment(comment: String, text: String) throws(ClientError) -> ChangeReport {
    let part = newPart(text, .comment)
    var body = EditComment()
    body.comment = try Self.id(comment, "comment")
    body.text = part.digest
    return try change([ChangeDraft(.editComment(body), parts: [part])])
  }

  /// Marks a conversation as settled.
  public func resolveThread(thread: String) throws(ClientError) -> ChangeReport {
    var body = ResolveThread()
    body.thread = try Self.id(thread, "thread")
    return try change([ChangeDraft(.resolveThread(body))])
  }
}
