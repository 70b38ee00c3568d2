// The tenants whose files are an old copy: for each the largest checkpoint that a device has shown and the ledger does not
// hold. The directory keeps it too, so that a restart of the server does not lift the stop.
import Logging
import ReviewModel
import Storage
import Synchronization

/// Blocks: for threads that may.
final class OldCopies: Sendable {
  private struct Known {
    var shown: SeenCheckpoint
    /// Whether the directory holds it.
    var isKept: Bool
  }

  private let directory: any DirectoryStore
  private let metrics: ServerMetrics
  private let logger: Logger
  /// What this process knows; the lock is held while the directory is written, so that both stay in step.
  private let known = Mutex<[TenantID: Known]>([:])

  init(directory: any DirectoryStore, metrics: ServerMetrics, logger: Logger) {
    self.directory = directory
    self.metrics = metrics
    self.logger = logger
  }

  /// A device has shown this checkpoint. What the directory cannot take holds all the same for as long as the process runs,
  /// and is offered to it again with the next note.
  func note(_ shown: SeenCheckpoint, of tenant: TenantID) {
    known.withLock { known in
      var now = Known(shown: shown, isKept: false)
      if let before = known[tenant], before.shown.size >= shown.size {
        if before.isKept { return }
        now = before
      } else {
        if known[tenant] == nil { metrics.stoppedWriting() }
        logger.error(
          "tenant is an old copy and is not written to; restore its newest files",
          metadata: ["tenant": "\(tenant)", "shown": "\(shown.size)"])
      }
      defer { known[tenant] = now }
      do throws(StorageError) {
        try directory.keep(shown: now.shown, of: tenant)
        now.isKept = true
      } catch {
        report("an old copy is known until the server stops only", tenant, error)
      }
    }
  }

  /// What the ledger of this store must hold before it is written; nil if nothing was shown, or if the newest copy is back.
  func standing(of tenant: TenantID, origin: String, in store: any TenantStore) throws(StorageError) -> SeenCheckpoint? {
    try known.withLock { known throws(StorageError) -> SeenCheckpoint? in
      let before = known[tenant]
      let kept = try directory.shown(of: tenant)
      guard let shown = before?.shown ?? kept else { return nil }
      // Under another origin the log begins anew, and old notes say nothing of it.
      guard shown.origin == origin, try !WriterCore.holds(shown, in: store) else {
        known[tenant] = nil
        forget(tenant)
        return nil
      }
      guard before == nil else { return shown }
      known[tenant] = Known(shown: shown, isKept: true)
      metrics.stoppedWriting()
      logger.error(
        "tenant is still an old copy and is not written to; restore its newest files",
        metadata: ["tenant": "\(tenant)", "shown": "\(shown.size)"])
      return shown
    }
  }

  /// The ledger holds it. A larger one that was shown meanwhile stays.
  func lift(_ shown: SeenCheckpoint, of tenant: TenantID) {
    known.withLock { known in
      guard known[tenant]?.shown == shown else { return }
      known[tenant] = nil
      forget(tenant)
    }
  }

  private func forget(_ tenant: TenantID) {
    logger.notice("tenant is written to again", metadata: ["tenant": "\(tenant)"])
    do throws(StorageError) {
      try directory.forgetShown(of: tenant)
    } catch {
      // It is read at the next opening, found to be held, and removed then.
      report("an old copy is not forgotten yet", tenant, error)
    }
  }

  private func report(_ message: Logger.Message, _ tenant: TenantID, _ error: StorageError) {
    logger.error(message, metadata: ["tenant": "\(tenant)", "code": "\(error.code.rawValue)"])
  }
}
