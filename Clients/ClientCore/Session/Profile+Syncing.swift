// Syncing: once, for a bounded time, or live. One process a profile syncs; the others append and wake it.

extension Profile {
  /// Syncs once: sends what is queued, fetches what is new, proves what was answered. If another process syncs, wakes it
  /// and waits until everything that was queued is answered.
  public func sync(progress: (@Sendable (SyncProgress) -> Void)? = nil) async throws(ClientError) -> SyncReport {
    throw .pending
  }

  /// After a change: tries to sync within a time, and never throws.
  public func trySync(withinMilliseconds: UInt64) async -> SyncAttempt { .timedOut }

  /// Waits until the server has answered these mutations; nil waits as long as it takes.
  ///
  /// - Throws: `notConfirmed` when the time is over.
  public func waitUntilAnswered(
    _ mutations: [String], withinMilliseconds: UInt64?
  ) async throws(ClientError) -> [ChangeResult] { throw .pending }

  /// Runs the live session, with reconnects, until the consumer lets go.
  public func watch() -> AsyncStream<ClientEvent> { AsyncStream { $0.finish() } }

  /// Subjects whose view has changed, by this process or another one.
  public var changes: AsyncStream<Set<String>> { AsyncStream { $0.finish() } }
}
