// What reviewers do: verdicts on exact revisions, remarks, and taking both back.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import Trust

extension Workload {
  func decide() throws -> [Draft] {
    let open = try subjects { $0.submission != nil && $0.withdrawnBy == nil && !$0.heads.isEmpty }
    guard let first = random.pick(open) else { return [] }
    let verdict = random.pick([Verdict.approve, .approve, .approve, .reject, .requestChanges, .hold]) ?? .approve
    let reason = verdict == .approve ? nil : text(.reason)
    var body = Decide()
    body.verdict = verdict
    body.reason = reason?.digest
    var subjects = [first]
    if random.chance(permille: 300) { subjects += open.filter { $0.campaign == first.campaign && $0.id != first.id }.prefix(4) }
    for subject in subjects {
      var target = DecisionTarget()
      target.decision = random.identifier()
      target.subject = subject.id
      target.revision = subject.heads[0]
      target.replaces = try ownDecisions(on: subject)
      body.targets.append(target)
    }
    return [Draft(mutation: .decide(body), parts: [reason].compactMap { $0 })]
  }

  private func ownDecisions(on subject: SubjectEntity) throws -> [DecisionID] {
    try device.cache.children(.decision, of: subject.id.bytes).sorted { $0.key < $1.key }.compactMap { key, stored in
      guard case .decision(let value) = Replay.entity(key, stored)?.value, value.member == device.identity.member,
        value.replacedBy == nil, !value.isWithdrawn, value.revision == subject.heads.first
      else { return nil }
      return value.id
    }
  }

  func withdrawDecision() throws -> [Draft] {
    let own = try subjects().flatMap { subject in
      subject.standing.filter { $0.member == device.identity.member }.map { (subject.id, $0.decision) }
    }
    guard let (subject, decision) = random.pick(own) else { return [] }
    var body = WithdrawDecision()
    body.subject = subject
    body.decision = decision
    return [Draft(mutation: .withdrawDecision(body))]
  }

  func comment() throws -> [Draft] {
    guard let subject = random.pick(try subjects()) else { return [] }
    let threads = try shown(.thread).compactMap { value -> ThreadEntity? in
      if case .thread(let thread) = value, thread.subject == subject.id { thread } else { nil }
    }
    let part = text(.comment, words: 8)
    var body = AddComment()
    body.subject = subject.id
    body.thread = random.identifier()
    body.isInternal = random.chance(permille: 200)
    if random.chance(permille: 500), let thread = random.pick(threads) {
      body.thread = thread.id
      body.isInternal = thread.isInternal
    }
    body.comment = random.identifier()
    body.text = part.digest
    body.revision = subject.heads.first
    return [Draft(mutation: .comment(body), parts: [part])]
  }

  func editComment() throws -> [Draft] {
    let own = try shown(.comment).compactMap { value -> CommentEntity? in
      if case .comment(let comment) = value, comment.member == device.identity.member { comment } else { nil }
    }
    guard let comment = random.pick(own) else { return [] }
    let part = text(.comment)
    var body = EditComment()
    body.comment = comment.id
    body.text = part.digest
    return [Draft(mutation: .editComment(body), parts: [part])]
  }

  func resolveThread() throws -> [Draft] {
    guard case .thread(let thread)? = random.pick(try shown(.thread)) else { return [] }
    var body = ResolveThread()
    body.thread = thread.id
    return [Draft(mutation: .resolveThread(body))]
  }

  func pauseOrResume() throws -> [Draft] {
    let standing = try shown(.pause).compactMap { value -> PauseID? in
      if case .pause(let pause) = value, pause.liftedBy == nil { pause.id } else { nil }
    }
    if random.chance(permille: 500), let pause = random.pick(standing) {
      var body = Resume()
      body.pauses = [pause]
      return [Draft(mutation: .resume(body))]
    }
    let reason = text(.reason)
    var body = Pause()
    body.pause = random.identifier()
    body.target.subject = random.pick(try subjects())?.id
    body.reason = reason.digest
    return [Draft(mutation: .pause(body), parts: [reason])]
  }
}

extension Workload {
  /// A pause of everything.
  func pause() -> [Draft] {
    let reason = text(.reason)
    var body = Pause()
    body.pause = random.identifier()
    body.reason = reason.digest
    return [Draft(mutation: .pause(body), parts: [reason])]
  }
}
