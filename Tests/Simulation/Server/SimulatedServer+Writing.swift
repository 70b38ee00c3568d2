// The simulated server's one writer: group commit through the real core, then news to everybody, then the answers.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import SyncServer
import Trust

extension SimulatedServer {
  func submit(
    _ envelopes: [VerifiedEnvelope], completion: @escaping (Result<[SubmissionResult], StorageError>) throws -> Void
  ) {
    // Who dies in the middle of a step does nothing in the rest of it.
    guard isRunning else { return }
    submissions.append(Submission(envelopes: envelopes, completion: completion))
    guard !isDraining else { return }
    isDraining = true
    after(random.between(0, 3)) { try self.drain() }
  }

  private func drain() throws {
    guard !submissions.isEmpty else {
      isDraining = false
      return
    }
    var group: [Submission] = []
    var count = 0
    while let next = submissions.first, group.isEmpty || count + next.envelopes.count <= LedgerLimits.envelopesAGroup {
      group.append(submissions.removeFirst())
      count += next.envelopes.count
    }
    try commit(group)
    guard isRunning else { return }
    after(random.between(0, 3)) { try self.drain() }
  }

  private func commit(_ group: [Submission]) throws {
    let life = life
    let result = decide(planted(submitted: group.flatMap(\.envelopes)))
    if let violation = shownNotes.violation { throw violation }
    if store.hasCrashed { return try crash(restartAfter: random.between(200, 20_000)) }
    var rest: ArraySlice<SubmissionResult> = []
    if case .success(let results) = result { rest = planted(results: results)[...] }
    for submission in group {
      if isPowerFailing() { try crash(restartAfter: random.between(200, 20_000)) }
      guard self.life == life else { return }
      switch result {
      case .success:
        try submission.completion(.success(Array(rest.prefix(submission.envelopes.count))))
        rest = rest.dropFirst(submission.envelopes.count)
      case .failure(let error): try submission.completion(.failure(error))
      }
    }
  }

  /// Decides and writes, and tells every session what has changed.
  private func decide(_ envelopes: [VerifiedEnvelope]) -> Result<[SubmissionResult], StorageError> {
    // The core has found that the ledger holds it.
    defer { if core.shown == nil { shown = nil } }
    front.deciding = context.plan.bug == nil ? [] : envelopes.map(\.envelope)
    let decided = core.decide(envelopes, store: front, now: wallMilliseconds, marksEverything: marksEverything)
    // Who has died after the first of several commits tells nobody.
    if case .failure = decided.results, store.hasCrashed { return decided.results }
    for group in decided.groups {
      context.note("server", "commits \(group.batch.entries.count) entries to \(group.batch.next.ledgerSize)")
      publish(group)
    }
    return decided.results
  }

  private func publish(_ group: CommittedGroup) {
    if group.changesAccess, !context.has(.skipAccessNews) {
      for follower in conversations.keys.sorted().compactMap({ conversations[$0] }) {
        guard let device = follower.device else { continue }
        do throws(StorageError) {
          if let access = try reader.access(of: device) { post(.event(.accessChanged(access)), to: follower) }
        } catch {
          post(.event(.storeFailed), to: follower)
        }
      }
    }
    if context.has(.lateNews) { return after(40_000) { self.tell(group.changes) } }
    tell(group.changes)
  }

  private func tell(_ changes: [ScopeChanges]) {
    let followers = conversations.keys.sorted().compactMap { conversations[$0] }.filter { $0.device != nil }
    let deaf = deafLink
    if followers.contains(where: { $0.link === deaf }) { deafLink = nil }
    for changes in changes {
      let concerned = followers.filter { $0.followed.contains(changes.scope) && $0.link !== deaf }
      if concerned.isEmpty { continue }
      let shared = changes.shared
      for follower in concerned { post(.event(.changed(shared)), to: follower) }
    }
  }

  // MARK: Without a session

  /// Decides and writes at once, as the console and the founding of a tenant do.
  func commitNow(_ envelopes: [VerifiedEnvelope]) throws -> [SubmissionResult] {
    let result = decide(envelopes)
    if let violation = shownNotes.violation { throw violation }
    switch result {
    case .success(let results): return results
    case .failure(let error): throw Violation(.storeFailed, error.sentence)
    }
  }

  /// `POST /v1/enrol` with an envelope that a former device has vouched for. Answers the member, nil if it failed.
  func enrol(_ envelope: PushedEnvelope, key: PublicKey, answer: @escaping (MemberID?) throws -> Void) throws {
    guard isRunning else { return try answer(nil) }
    let verified: VerifiedEnvelope
    do throws(EnvelopeFault) {
      verified = try VerifiedEnvelope.check(envelope, tenant: context.tenant, device: key.fingerprint, key: key)
    } catch {
      throw Violation(.storeFailed, "an enrolment is not accepted: \(error)")
    }
    submit([verified]) { result in
      guard case .success(let results) = result, case .answered(let found)? = results.first, found.outcome.status == .applied
      else {
        self.context.note("server", "does not enrol: \(result)")
        return try answer(nil)
      }
      // A store that cannot be read now is asked again.
      try answer(try? self.reader.identity(of: found.device)?.member.id)
    }
  }
}
