// `countersign status`: one screen about this device, its profile and what waits to be sent.
import ArgumentParser
import ClientCore

/// One screen about this device.
struct StatusCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show who you are here, what waits to be sent, and how fresh this device is.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions

  nonisolated(nonsending) func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    let status = try profile.status()
    if answer.isJSON { return try answer.write(status, identifier: "member_id", in: shell) }
    for line in Self.lines(status, in: shell) {
      shell.output.line(line)
    }
  }

  static func lines(_ status: StatusReport, in shell: Shell) -> [String] {
    let now = shell.now()
    func ago(_ time: String) -> String { Instant(time)?.relative(to: now) ?? "never" }
    var rows = [
      ("tenant", status.tenant), ("member", member(status)),
      ("profile", "\(status.profile), device \(ShortForm.revision(status.device))"), ("server", status.server),
      ("connection", connection(status) + ", last synced \(ago(status.lastSyncedAt))"),
    ]
    if let failed = FailedTryWords.line(status, now: now, in: shell) { rows.append(("last try", failed)) }
    rows += [
      ("posts", "\(status.posts), \(status.waitingForMe) waiting for you"),
      ("to send", status.unsent == 0 ? "nothing" : "\(status.unsent), the oldest from \(ago(status.oldestUnsentAt))"),
    ]
    if let publishing = publishing(status.pauses) { rows.append(("publishing", publishing)) }
    if let revoking = revoking(status.pendingRevocations) { rows.append(("revoking", revoking)) }
    if status.refused + status.parked > 0 {
      rows.append(("answers", "\(status.refused) refused, \(status.parked) parked (\(shell.typed("outcomes")))"))
    }
    rows.append(("head", "\(status.head), epoch \(status.epoch)"))
    rows.append(
      (
        "checkpoint",
        status.checkpointSize == 0
          ? "none yet"
          : "\(counted(Int(clamping: status.checkpointSize), "entry", plural: "entries")), "
            + "tree hash \(status.checkpointRoot.prefix(16))"
      ))
    rows.append(("root key", status.rootFingerprint.isEmpty ? "not named yet" : status.rootFingerprint))
    if status.clockSkewMilliseconds.magnitude >= 2_000 {
      let side = status.clockSkewMilliseconds > 0 ? "ahead of" : "behind"
      rows.append(
        ("clock", "\(spanText(milliseconds: Int64(clamping: status.clockSkewMilliseconds.magnitude))) \(side) the server's"))
    }
    return rows.flatMap { name, value -> [String] in
      let lines = WordWrap.lines(SafeText.line(value), width: shell.proseWidth - 12)
      return lines.enumerated().map { index, line in
        shell.palette.paint(DisplayWidth.padded(index == 0 ? name : "", to: 12), .dim) + line
      }
    }
  }

  private static func member(_ status: StatusReport) -> String {
    if status.member.isEmpty { return "not known before the first sync" }
    return "\(status.member) (\(status.roles.joined(separator: ", ")))"
  }

  /// The pause that has been in force longest, and how many more there are; nil if nothing is paused.
  private static func publishing(_ pauses: [PauseReport]) -> String? {
    guard let first = pauses.first(where: { !$0.isPending }) ?? pauses.first else { return nil }
    let isOfAll = first.post.isEmpty && first.campaign.isEmpty && first.platform.isEmpty
    let state = (first.isPending ? "NOT IN FORCE yet: " : "") + (isOfAll ? "paused" : "paused in part")
    let reason = first.reason.isEmpty ? "" : ": \(first.reason)"
    let others = pauses.count > 1 ? " (and \(pauses.count - 1) more)" : ""
    return "\(state) since \(Instant(first.at)?.local ?? first.at) by \(first.member)\(reason)\(others)"
  }

  /// The devices whose end the server has not confirmed; nil if there are none.
  private static func revoking(_ revocations: [RevocationReport]) -> String? {
    if revocations.isEmpty { return nil }
    let devices = revocations.map { "\(ShortForm.post($0.device)) \($0.name) of \($0.member)" }
    return "NOT IN FORCE yet: " + devices.joined(separator: ", ")
  }

  private static func connection(_ status: StatusReport) -> String {
    let detail = status.connectionDetail.isEmpty ? "" : " (\(status.connectionDetail))"
    return ShortForm.words(status.connection) + detail
  }
}
