// `countersign watch`: stays connected and prints a line an event, in words or JSON.
import ArgumentParser
import ClientCore

/// Stays connected and tells what happens.
struct WatchCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Stay connected, and tell what happens, a line an event, until control-C.")

  /// How often an idle one looks whether anybody reads on.
  private static let lookMilliseconds = 1_000

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    for await event in Self.events(of: profile, while: shell.output) {
      let value = WatchEvent(event, at: shell.now())
      if answer.isJSON {
        try answer.write(value, identifier: "event", in: shell)
      } else if let line = value.line {
        shell.output.line("\(shell.now().local)  \(line)")
      }
      // Who reads no further (`| head -1`) wants no further events; what else went wrong is said at the end.
      guard shell.output.flush() else { return }
    }
    if shell.output.isClosed { return }
    throw Self.ended(try profile.status(), in: shell)
  }

  /// Why no session begins again by itself, and what to do about it: refused for good (4), or what this device cannot do (1).
  static func ended(_ status: StatusReport, in shell: Shell) -> CommandFailure {
    let isStopped = status.connection == "stopped"
    let reason = isStopped ? status.connectionDetail : status.failedTryReason
    return CommandFailure(
      isStopped ? .refused : .failure, "stopped",
      "The session has ended and will not begin again by itself" + (reason.isEmpty ? "." : ": " + reason),
      remedy: isStopped
        ? StopRemedy.fix(status.stop, profile: status.profile, in: shell) : "\(shell.typed("doctor")) says what helps.")
  }
}

extension WatchCommand {
  /// What happens, until the session ends or nobody reads what is told of it.
  private static func events(of profile: Profile, while output: Output) -> AsyncStream<ClientEvent> {
    AsyncStream(bufferingPolicy: .bufferingNewest(4_096)) { continuation in
      let telling = Task {
        for await event in profile.watch() { continuation.yield(event) }
        continuation.finish()
      }
      let looking = Task {
        while !output.isClosed {
          do { try await Task.sleep(for: .milliseconds(Self.lookMilliseconds)) } catch { return }
        }
        continuation.finish()
      }
      continuation.onTermination = { _ in
        telling.cancel()
        looking.cancel()
      }
    }
  }
}

/// One event as a line of JSON.
struct WatchEvent: Encodable {
  var event = ""
  var at: Int64
  var posts: [String]?
  var reason: String?
  var retryAfterMilliseconds: UInt64?
  var outcome: OutcomeReport?
  var progress: SyncProgress?

  enum CodingKeys: String, CodingKey {
    case event, posts, reason, outcome, progress
    case at = "at_ms"
    case retryAfterMilliseconds = "retry_after_ms"
  }

  init(_ event: ClientEvent, at now: Instant) {
    at = now.milliseconds
    switch event {
    case .connected: self.event = "connected"
    case .disconnected(let reason, let retry):
      (self.event, self.reason, retryAfterMilliseconds) = ("disconnected", reason, retry)
    case .changed(let posts): (self.event, self.posts) = ("changed", posts)
    case .outcome(let outcome): (self.event, self.outcome) = ("outcome", outcome)
    case .progress(let progress): (self.event, self.progress) = ("progress", progress)
    }
  }

  /// For people; progress is not worth a line.
  var line: String? {
    switch event {
    case "connected": return "connected"
    case "disconnected":
      let next = retryAfterMilliseconds.map { "; next try in " + spanText(milliseconds: Int64(clamping: $0)) } ?? ""
      return "disconnected: " + SafeText.line(reason ?? "") + next
    case "changed":
      let shown = (posts ?? []).prefix(8).map(ShortForm.post).joined(separator: " ")
      let more = max(0, (posts ?? []).count - 8)
      return "changed  " + shown + (more > 0 ? " and \(more) more" : "")
    case "outcome":
      guard let outcome else { return nil }
      let what = outcome.original.verdict.isEmpty ? outcome.original.kind : outcome.original.verdict
      let reason = outcome.reason.isEmpty ? "" : ": " + SafeText.line(outcome.reason)
      return "\(outcome.status)  \(ShortForm.words(what)) \(ShortForm.post(outcome.post))\(reason)"
    default: return nil
    }
  }
}
