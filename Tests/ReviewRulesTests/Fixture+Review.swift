// How people of the small world submit, decide and talk.
import ReviewModel
import ReviewRules
import Trust

extension World {
  @discardableResult
  mutating func submit(_ subject: SubjectID, _ revision: Digest? = nil, by person: Person = emil) throws -> Outcome {
    var body = Submit()
    body.targets = [RevisionTarget(subject: subject, revision: try revision ?? head(subject))]
    return act(person, .submit(body))
  }

  /// A decision on one subject; its reason is attached unless it is nil.
  mutating func deciding(
    _ verdict: Verdict, on subject: SubjectID, _ revision: Digest, id: DecisionID? = nil, reason: String? = nil,
    replaces: [DecisionID] = []
  ) -> Decide {
    var target = DecisionTarget()
    target.decision = id ?? newID()
    target.subject = subject
    target.revision = revision
    target.replaces = replaces
    var body = Decide()
    body.verdict = verdict
    body.reason = reason.map { text($0, .reason) }
    body.targets = [target]
    return body
  }

  @discardableResult
  mutating func decide(
    _ verdict: Verdict, on subject: SubjectID, by person: Person, revision: Digest? = nil, id: DecisionID? = nil,
    replaces: [DecisionID] = []
  ) throws -> Outcome {
    let revision = try revision ?? head(subject)
    let reason = verdict == .approve ? nil : "The dose is wrong."
    let body = deciding(verdict, on: subject, revision, id: id, reason: reason, replaces: replaces)
    return act(person, .decide(body))
  }

  @discardableResult
  mutating func withdrawDecision(_ decision: DecisionID, on subject: SubjectID, by person: Person) -> Outcome {
    var body = WithdrawDecision()
    body.subject = subject
    body.decision = decision
    return act(person, .withdrawDecision(body))
  }

  @discardableResult
  mutating func withdraw(_ subjects: [SubjectID], by person: Person = emil) -> Outcome {
    var body = Withdraw()
    body.subjects = subjects
    body.reason = text("No longer true", .reason)
    return act(person, .withdraw(body))
  }

  mutating func commenting(
    _ subject: SubjectID, thread: ThreadID? = nil, isInternal: Bool = false, text: String
  ) -> AddComment {
    var body = AddComment()
    body.subject = subject
    body.thread = thread ?? newID()
    body.comment = newID()
    body.text = self.text(text, .comment)
    body.isInternal = isInternal
    return body
  }

  @discardableResult
  mutating func edit(_ comment: CommentID, by person: Person, text: String) -> Outcome {
    var body = EditComment()
    body.comment = comment
    body.text = self.text(text, .comment)
    return act(person, .editComment(body))
  }

  @discardableResult
  mutating func resolve(_ thread: ThreadID, by person: Person) -> Outcome {
    var body = ResolveThread()
    body.thread = thread
    return act(person, .resolveThread(body))
  }

  @discardableResult
  mutating func assign(_ people: [Person], to subject: SubjectID, by person: Person = emil) -> Outcome {
    var body = AssignReviewer()
    body.subject = subject
    body.members = people.map(\.id)
    return act(person, .assignReviewer(body))
  }

  @discardableResult
  mutating func delegate(_ subjects: [SubjectID], to delegate: Person, by person: Person) -> Outcome {
    var body = Delegate()
    body.subjects = subjects
    body.member = delegate.id
    return act(person, .delegate(body))
  }

  @discardableResult
  mutating func pause(_ id: PauseID, by person: Person, subject: SubjectID? = nil) -> Outcome {
    var body = Pause()
    body.pause = id
    body.target.subject = subject
    body.reason = text("A patient complained", .reason)
    return act(person, .pause(body))
  }

  @discardableResult
  mutating func resume(_ pauses: [PauseID], by person: Person = ada) -> Outcome {
    var body = Resume()
    body.pauses = pauses
    return act(person, .resume(body))
  }
}

extension Outcome {
  /// The codes of its targets, nil for those that were applied.
  var codes: [RefusalCode?] { targets.map(\.code) }
}
