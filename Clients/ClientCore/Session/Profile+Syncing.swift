// Syncing: once, for a bounded time, or live. One process a profile syncs; the others append and wake it.
import ReviewModel
import Storage
import SyncEngine
import Synchronization
import Trust

extension Profile {
  /// How long another process may hold the lock before this one gives up waiting, when nothing else says.
  static let otherProcessMilliseconds: UInt64 = 60_000
  static let pollMilliseconds: UInt64 = 50
  /// Changed by whoever waits for the process that syncs, to be told by a checkpoint from now on.
  static let askedSetting = "asked"

  /// Syncs once: sends what is queued, fetches what is new, proves what was answered. If another process syncs, wakes it
  /// and waits until everything that was queued is answered, and that process has heard from the server.
  public func sync(progress: (@Sendable (SyncProgress) -> Void)? = nil) async throws(ClientError) -> SyncReport {
    try await sync(progress, trial: nil)
  }

  private func sync(
    _ progress: (@Sendable (SyncProgress) -> Void)?, trial: SyncTrial?
  ) async throws(ClientError) -> SyncReport {
    guard let lock = try takeLock() else { return try await syncElsewhere(progress, trial) }
    defer { release(lock) }
    trial?.began()
    do {
      return try await syncHere(progress, trial)
    } catch {
      // What was given up here says nothing about the server; whoever set a limit says so itself.
      if error.code != .cancelled { noteFailure(error.sentence) }
      throw error
    }
  }

  private func syncHere(
    _ progress: (@Sendable (SyncProgress) -> Void)?, _ trial: SyncTrial?
  ) async throws(ClientError) -> SyncReport {
    progress?(SyncProgress(phase: "connecting", rowsReceived: 0, rowsRemaining: 0, mutationsSent: 0, mutationsRemaining: 0))
    let tally = SyncTally()
    let run = SyncRun(profile: self, isOnce: true) { news in
      switch news {
      case .opened: trial?.opened()
      case .progress(let session):
        let told = tally.note(session)
        progress?(told)
      default: break
      }
    }
    try await run.once()
    try pinRoot()
    return try report(tally.last)
  }

  /// After a change: tries to sync within a time, and never throws.
  public func trySync(withinMilliseconds: UInt64) async -> SyncAttempt {
    // Nobody listens while the other process connects, or has just finished: then this one waits for its turn.
    if isBeingSynced(), environment.files.poke(paths.poke) { return .poked }
    let sleep = environment.sleep
    let trial = SyncTrial()
    let attempt = await withTaskGroup(of: SyncAttempt?.self) { group in
      group.addTask { await self.attempt(trial) }
      group.addTask {
        do { try await sleep(withinMilliseconds) } catch { return nil }
        return .timedOut
      }
      var answer = SyncAttempt.timedOut
      for await attempt in group {
        guard let attempt else { continue }
        answer = attempt
        break
      }
      group.cancelAll()
      return answer
    }
    // A caller that was cancelled gave up early; that says nothing about the server either.
    if attempt == .timedOut, trial.isUnanswered, !Task.isCancelled {
      noteFailure("The server did not answer within \(max(1, withinMilliseconds / 1_000)) s.")
    }
    return attempt
  }

  private func attempt(_ trial: SyncTrial) async -> SyncAttempt {
    do {
      return .synced(try await sync(nil, trial: trial))
    } catch {
      switch error.code {
      case .unreachable, .cacheInUse, .diskTrouble: return .unreachable(error.sentence)
      case .cancelled: return .timedOut
      default: return .refused(error.sentence)
      }
    }
  }

  /// Waits until the server has answered these mutations; nil waits as long as it takes.
  ///
  /// - Throws: `notConfirmed` when the time is over.
  public func waitUntilAnswered(
    _ mutations: [String], withinMilliseconds: UInt64?
  ) async throws(ClientError) -> [ChangeResult] {
    let ids = mutations.compactMap { MutationID(hex: $0) }
    let began = environment.uptimeMilliseconds()
    while true {
      let rows = try storing { try ids.compactMap { try outbox.row(mutation: $0) } }
      if rows.allSatisfy({ $0.state == .answered || $0.state == .quarantined }) {
        return rows.flatMap { OutcomeReading.results($0) }
      }
      if let limit = withinMilliseconds, environment.uptimeMilliseconds() - began >= limit {
        throw ClientError(
          .notConfirmed, "The server has not answered yet; the change is kept and will be sent.",
          remedy: "Sync again when the server can be reached.")
      }
      try await pause(Self.pollMilliseconds)
    }
  }

  /// Subjects whose view has changed, by this process or another one.
  public var changes: AsyncStream<Set<String>> {
    let own = observers.stream()
    return AsyncStream(bufferingPolicy: .bufferingNewest(256)) { continuation in
      let task = Task { [weak self] in
        await withTaskGroup(of: Void.self) { group in
          group.addTask { for await subjects in own { continuation.yield(subjects) } }
          group.addTask { await self?.followOthers(continuation) }
        }
        continuation.finish()
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  /// Looks now and then whether another process has moved the overlay, and says that anything may have changed.
  private func followOthers(_ continuation: AsyncStream<Set<String>>.Continuation) async {
    var last: OverlayPosition?
    while !Task.isCancelled {
      do {
        let position = try openedCache().overlayPosition()
        if let last, last != position, !state.withLock({ $0.isSyncing }) {
          continuation.yield(Set(try openedCache().list(SubjectFilter()).map(\.subject.hex)))
        }
        last = position
      } catch {
        // A store that is busy or being replaced is looked at again; whoever reads from it is told what is wrong with it.
      }
      do { try await environment.sleep(Self.pollMilliseconds * 10) } catch { return }
    }
  }

  /// A root that was named after this device was enrolled is pinned the first time it is seen; `audit` compares it since.
  func pinRoot() throws(ClientError) {
    let identity = openIdentity
    let cache = try openedCache()
    guard identity.file.rootFingerprint == nil,
      let stored = try storing({ try cache.base([.tenant(identity.tenant)])[.tenant(identity.tenant)] }),
      case .tenant(let tenant) = Replay.entity(.tenant(identity.tenant), stored)?.value, let root = tenant.root
    else { return }
    let fingerprint = root.fingerprint.hex
    try changeIdentity { $0.file.rootFingerprint = fingerprint }
  }

  // MARK: The lock

  func takeLock() throws(ClientError) -> (any ProfileLock)? {
    guard let lock = try storing({ try environment.files.tryLock(paths.lock) }) else { return nil }
    state.withLock { $0.isSyncing = true }
    return lock
  }

  func release(_ lock: any ProfileLock) {
    state.withLock { $0.isSyncing = false }
    lock.unlock()
  }

  /// Another process holds the lock. It is woken and asked how things stand, and believed only once it has heard from the
  /// server: it may be connecting still, or hold on to a connection whose other end is gone.
  private func syncElsewhere(
    _ progress: (@Sendable (SyncProgress) -> Void)?, _ trial: SyncTrial?
  ) async throws(ClientError) -> SyncReport {
    let waiting = try storing { try outbox.unanswered().map(\.mutation.mutationID) }
    let cache = try openedCache()
    let heard = try storing { try cache.setting(Self.lastSyncedSetting) }
    try storing { try cache.set(Self.askedSetting, to: Hex.encode(environment.randomBytes(8))) }
    let began = environment.uptimeMilliseconds()
    var isAnswered = false
    while environment.uptimeMilliseconds() - began < Self.otherProcessMilliseconds {
      if let lock = try takeLock() {
        release(lock)
        return try await sync(progress, trial: trial)
      }
      _ = environment.files.poke(paths.poke)
      isAnswered = try areAnswered(waiting)
      let hasHeard = try storing { try cache.setting(Self.lastSyncedSetting) != heard }
      // An answer to what was waiting is a sign of life, too.
      if isAnswered, hasHeard || !waiting.isEmpty { return try report(SessionProgress()) }
      try await pause(Self.pollMilliseconds)
    }
    guard isAnswered else {
      throw ClientError(.cacheInUse, "Another process syncs this profile and has not finished.", remedy: "Try again later.")
    }
    var unknown = try report(SessionProgress())
    unknown.digest = SyncReport.unknownDigest
    return unknown
  }

  private func areAnswered(_ mutations: [MutationID]) throws(ClientError) -> Bool {
    try storing {
      try mutations.allSatisfy { id in
        guard let row = try outbox.row(mutation: id) else { return true }
        return row.state == .answered || row.state == .quarantined
      }
    }
  }

  private func pause(_ milliseconds: UInt64) async throws(ClientError) {
    do {
      try await environment.sleep(milliseconds)
    } catch {
      throw ClientError(.cancelled, "It was cancelled.")
    }
  }

  private func report(_ progress: SessionProgress) throws(ClientError) -> SyncReport {
    let cache = try openedCache()
    return try storing {
      SyncReport(
        head: try cache.scopes().map(\.cursor).max() ?? 0, epoch: try cache.setting(Self.epochSetting) ?? "",
        sent: Int(clamping: progress.answered), received: Int(clamping: progress.rowsReceived), refused: progress.refused,
        parked: progress.parked, digest: progress.repairs == 0 ? "match" : "repaired",
        unsent: try outbox.counts().unanswered)
    }
  }
}

/// The progress of the sessions of one sync, as people are told.
final class SyncTally: Sendable {
  private let state = Mutex(SessionProgress())

  var last: SessionProgress { state.withLock { $0 } }

  func note(_ progress: SessionProgress) -> SyncProgress {
    state.withLock { $0 = progress }
    return SyncProgress(progress)
  }
}

extension SyncProgress {
  init(_ session: SessionProgress) {
    let phase =
      if !session.isOpen { "connecting" } else if !session.isCaughtUp { "receiving" } else if session.unanswered > 0 {
        "sending"
      } else if session.isProving { "proving" } else { "done" }
    self.init(
      phase: phase, rowsReceived: session.rowsReceived, rowsRemaining: session.rowsRemaining,
      mutationsSent: session.answered, mutationsRemaining: session.unanswered)
  }
}
