// `countersign sync`: syncs once, with progress on standard error.
import ArgumentParser
import ClientCore

/// Syncs once.
struct SyncCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync", abstract: "Send what waits, fetch what is new, and check the evidence.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    let report = try await Self.sync(profile, in: shell)
    if answer.isJSON {
      try answer.write(report, identifier: "head", in: shell)
    } else {
      shell.output.line(Self.line(report))
      for line in try Self.conflicts(profile, in: shell) { shell.note(line) }
      if report.refused + report.parked > 0 { shell.note("See \(shell.typed("outcomes")).") }
    }
    if !report.isConfirmed { throw CommandFailure.silent(ExitStatus.tryAgain.rawValue) }
  }

  /// More are not listed: `queue` has them all.
  private static let conflictsShown = 5

  /// `1 post is conflicted: countersign merge 560d2340`, for whoever may merge it.
  private static func conflicts(_ profile: Profile, in shell: Shell) throws -> [String] {
    let posts = try profile.list(SubjectQuery(states: ["conflicted"]))
    guard let first = posts.first, try profile.show(first.post, markRead: false).allowed.contains("merge") else { return [] }
    return lines(ofConflicts: posts.map { profile.shortID($0.post, digits: ShortForm.postDigits) }, in: shell)
  }

  static func lines(ofConflicts posts: [String], in shell: Shell) -> [String] {
    let head = "\(counted(posts.count, "post is", plural: "posts are")) conflicted; to end it:"
    let merges = posts.prefix(conflictsShown).map { "  " + shell.typed("merge", $0) }
    let rest = posts.count > conflictsShown ? ["  " + shell.typed("queue", "--state", "conflicted") + " lists them all"] : []
    return [head] + merges + rest
  }

  /// Syncs with a progress display on standard error.
  static func sync(_ profile: Profile, in shell: Shell) async throws(ClientError) -> SyncReport {
    let meter = ProgressMeter(shell: shell)
    defer { meter.finish() }
    return try await profile.sync { meter.show($0) }
  }

  /// `Synced: sent 3 · received 60 · same as the server`.
  static func line(_ report: SyncReport) -> String {
    guard report.isConfirmed else {
      return "Not synced: another countersign holds the connection, and the server has told it nothing. Try again later."
    }
    var parts = ["sent \(report.sent)", "received \(report.received)"]
    if report.refused > 0 { parts.append("\(report.refused) refused") }
    if report.parked > 0 { parts.append("\(report.parked) parked") }
    if report.unsent > 0 { parts.append("\(report.unsent) still waiting to send") }
    parts.append(report.digest == "match" ? "same as the server" : "differed from the server and was repaired")
    return "Synced: " + parts.joined(separator: " · ")
  }
}
