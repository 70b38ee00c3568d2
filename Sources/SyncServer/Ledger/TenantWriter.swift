// The one writer of a tenant: a queue of its own, off the cooperative pool, with group commit. Whatever waits when a
// commit ends is decided and committed together; nothing waits longer than for the commit before it.
import Dispatch
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Synchronization
import Trust

package final class TenantWriter: Sendable {
  package typealias Completion = @Sendable (Result<[SubmissionResult], StorageError>) -> Void

  private enum Work {
    case envelopes([VerifiedEnvelope])
    /// Made when its turn comes, because its number depends on what was decided before.
    case signing(@Sendable (LanePosition) -> VerifiedEnvelope?)

    var count: Int { if case .envelopes(let list) = self { list.count } else { 1 } }
  }

  private struct Waiting {
    let work: Work
    let completion: Completion
  }

  private struct Queue {
    var waiting: [Waiting] = []
    var isDraining = false
    /// The largest checkpoint that was shown since the last commit.
    var shown: SeenCheckpoint?
  }

  private let store: any TenantStore
  private let identity: ServerIdentity
  private let environment: ServerEnvironment
  private let marksEverything: Bool
  private let onCommit: @Sendable (CommittedGroup) -> Void
  private let onRestored: @Sendable (SeenCheckpoint) -> Void
  private let dispatchQueue: DispatchQueue
  private let queue = Mutex(Queue())
  /// Used on the dispatch queue only; the lock is never waited for.
  private let core: Mutex<WriterCore>

  /// - Parameters:
  ///   - marksEverything: whether envelopes are marked durably before they are decided: after a crash of the server.
  ///   - onCommit: told of every commit before the answers are given.
  ///   - onRestored: told once the ledger holds the checkpoint for which the writer had stopped.
  package init(
    store: any TenantStore, identity: ServerIdentity, environment: ServerEnvironment, marksEverything: Bool,
    onCommit: @escaping @Sendable (CommittedGroup) -> Void,
    onRestored: @escaping @Sendable (SeenCheckpoint) -> Void = { _ in }
  ) throws(StorageError) {
    self.store = store
    self.identity = identity
    self.environment = environment
    self.marksEverything = marksEverything
    self.onCommit = onCommit
    self.onRestored = onRestored
    let state = try store.state()
    let ledger = LedgerIdentity(
      origin: identity.origin(tenant: state.tenant, epoch: state.epoch), serverDevice: identity.device)
    core = Mutex(
      WriterCore(committer: LedgerCommitter(store: store, identity: ledger, suspects: try store.decidingMarkers())))
    dispatchQueue = DispatchQueue(label: "countersign.writer.\(state.tenant)")
  }

  /// Puts envelopes into the queue; the completion is called on the writer's own thread, after the commit.
  package func submit(_ envelopes: [VerifiedEnvelope], completion: @escaping Completion) {
    enqueue(Waiting(work: .envelopes(envelopes), completion: completion))
  }

  package func submit(_ envelopes: [VerifiedEnvelope]) async -> Result<[SubmissionResult], StorageError> {
    await withCheckedContinuation { continuation in submit(envelopes) { continuation.resume(returning: $0) } }
  }

  /// Puts an envelope into the queue that the server signs itself, as the next one of its lane.
  package func sign(_ mutation: Mutation, parts: [Part]) async -> Result<[SubmissionResult], StorageError> {
    let identity = identity
    let environment = environment
    let tenant: TenantID
    do {
      tenant = try store.state().tenant
    } catch {
      return .failure(error)
    }
    return await withCheckedContinuation { continuation in
      let work = Work.signing { position in
        ServerEnvelope.make(
          mutation, parts: parts, tenant: tenant, after: position, key: identity.signingKey,
          mutationID: environment.randomIdentifier(), nowMilliseconds: environment.wallMilliseconds())
      }
      enqueue(Waiting(work: work) { continuation.resume(returning: $0) })
    }
  }

  /// Somebody has shown this server's own signature on this checkpoint. From the next commit on nothing is decided until
  /// the ledger has that root at that size.
  package func stop(until checkpoint: SeenCheckpoint) {
    queue.withLock { queue in
      if let shown = queue.shown, shown.size >= checkpoint.size { return }
      queue.shown = checkpoint
    }
  }

  /// Returns when everything that was submitted before has been answered.
  package func drain() async {
    await withCheckedContinuation { continuation in dispatchQueue.async { continuation.resume() } }
  }

  private func enqueue(_ waiting: Waiting) {
    let mustStart = queue.withLock { queue -> Bool in
      queue.waiting.append(waiting)
      defer { queue.isDraining = true }
      return !queue.isDraining
    }
    if mustStart { dispatchQueue.async { self.drainQueue() } }
  }

  private func drainQueue() {
    while let group = takeGroup() {
      commit(group)
    }
  }

  /// What is decided together: all that waits, up to the limit; what the server signs goes alone.
  private func takeGroup() -> [Waiting]? {
    queue.withLock { queue in
      guard let first = queue.waiting.first else {
        queue.isDraining = false
        return nil
      }
      var count = 0
      var taken = 0
      if case .signing = first.work {
        taken = 1
      } else {
        for waiting in queue.waiting {
          guard case .envelopes = waiting.work, taken == 0 || count + waiting.work.count <= LedgerLimits.envelopesAGroup
          else { break }
          count += waiting.work.count
          taken += 1
        }
      }
      let group = Array(queue.waiting.prefix(taken))
      queue.waiting.removeFirst(taken)
      return group
    }
  }

  private func commit(_ group: [Waiting]) {
    let result: Result<[SubmissionResult], StorageError>
    do throws(StorageError) {
      var envelopes: [VerifiedEnvelope] = []
      for waiting in group { envelopes += try self.envelopes(of: waiting.work) }
      result = .success(try decide(envelopes))
    } catch {
      result = .failure(error)
    }
    var rest = (try? result.get())?[...] ?? []  // A failure is given to everybody below.
    for waiting in group {
      switch result {
      case .success:
        waiting.completion(.success(Array(rest.prefix(waiting.work.count))))
        rest = rest.dropFirst(waiting.work.count)
      case .failure(let error): waiting.completion(.failure(error))
      }
    }
  }

  private func envelopes(of work: Work) throws(StorageError) -> [VerifiedEnvelope] {
    switch work {
    case .envelopes(let envelopes): return envelopes
    case .signing(let make):
      let position = try store.lanes(of: identity.device)[1] ?? LanePosition(number: 0, hash: .zero)
      guard let envelope = make(position) else {
        throw StorageError(.conflict, "The server could not sign its own entry; report this as a bug.")
      }
      return [envelope]
    }
  }

  private func decide(_ envelopes: [VerifiedEnvelope]) throws(StorageError) -> [SubmissionResult] {
    let started = environment.uptimeMilliseconds()
    let now = environment.wallMilliseconds()
    let news = queue.withLock { queue -> SeenCheckpoint? in
      defer { queue.shown = nil }
      return queue.shown
    }
    var restored: SeenCheckpoint?
    let outcome = core.withLock { core -> WriterOutcome in
      if let news { core.stop(until: news) }
      let shown = core.shown
      defer { if core.shown == nil { restored = shown } }
      return core.decide(envelopes, store: store, now: now, marksEverything: marksEverything)
    }
    if let restored { onRestored(restored) }
    let elapsed = environment.uptimeMilliseconds() &- started
    for var group in outcome.groups {
      group.elapsedMilliseconds = elapsed
      onCommit(group)
    }
    return try outcome.results.get()
  }
}
