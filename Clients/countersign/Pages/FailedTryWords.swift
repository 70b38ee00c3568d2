// How the last failed try to sync is told.
import ClientCore

/// The last failed try, in words.
enum FailedTryWords {
  /// `failed 3 min ago: the reason; next try in 40 s`. Nil if the last try reached the server.
  static func line(_ status: StatusReport, now: Instant, in shell: Shell) -> String? {
    guard let failed = Instant(status.failedTryAt) else { return nil }
    let next =
      Instant(status.nextTryAt).map { next in
        let wait = next.milliseconds - now.milliseconds
        return wait <= 0 ? "trying again now" : "next try in \(spanText(milliseconds: wait))"
      } ?? "nothing tries again by itself (\(shell.typed("sync")))"
    return "failed \(failed.relative(to: now)): \(sentence(status.failedTryReason)); \(next)"
  }

  /// For the line below lists.
  static func short(_ status: StatusReport, now: Instant) -> String? {
    Instant(status.failedTryAt).map { "last try failed \($0.relative(to: now))" }
  }

  private static func sentence(_ reason: String) -> String {
    reason.hasSuffix(".") ? String(reason.dropLast()) : reason
  }
}
