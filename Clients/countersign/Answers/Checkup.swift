// What `doctor` looks at: files, identity, stores, lock, server, clock, and what waits or was refused.
import ClientCore
import Glibc

/// Looks at one profile.
struct Checkup {
  static let skewLimitMilliseconds: UInt64 = 30_000
  static let staleMilliseconds: Int64 = 24 * 3_600 * 1_000
  static let longAgoMilliseconds: Int64 = 7 * 24 * 3_600 * 1_000

  let path: String
  let name: String
  let shell: Shell

  func run(isOffline: Bool) async -> [Finding] {
    guard FileBytes.exists(path + "/identity") else {
      return [
        Finding(
          check: "profile", status: "broken", finding: "There is no profile \(name) in \(path).",
          fix: "Enrol with the code that you were given: \(shell.typed("enrol", "-"))")
      ]
    }
    var findings = [permissions()]
    do {
      let profile = try Profile.open(at: path, name: name, environment: .live()) { try Passphrase.ask(in: shell) }
      findings.append(Finding(check: "identity", status: "ok", finding: "The key and the outbox can be read."))
      findings.append(lock())
      findings += stores(profile)
      if !isOffline { findings.append(await server(profile)) }
    } catch {
      findings.append(broken("identity", error))
    }
    return findings
  }

  private func broken(_ check: String, _ error: ClientError) -> Finding {
    let fix = error.isBeyondRepair ? DamagedProfile.remedy(profile: name, in: shell) : error.remedy
    return Finding(
      check: check, status: "broken", finding: error.sentence,
      fix: fix.isEmpty ? "Check the disk and who owns the folder \(path)." : fix)
  }

  /// Folders 0700, files 0600.
  private func permissions() -> Finding {
    let files = ["identity", "outbox.sqlite", "outbox.sqlite-wal", "cache.sqlite", "cache.sqlite-wal", "lock"].map {
      path + "/" + $0
    }
    let loose = ([path] + files).filter { file in
      var information = stat()
      return stat(file, &information) == 0 && information.st_mode & 0o077 != 0
    }
    if loose.isEmpty { return Finding(check: "permissions", status: "ok", finding: "Only you can read this profile.") }
    return Finding(
      check: "permissions", status: "warning", finding: "Others may read \(loose.joined(separator: ", ")).",
      fix: "chmod -R go-rwx \(TypedLine.quoted(path))")
  }

  private func lock() -> Finding {
    do {
      // Only looked at: whoever wants it meanwhile gets it.
      let isHeld = try PrivateFiles().isLocked(path + "/lock")
      let finding = isHeld ? "Another countersign of this profile is syncing now." : "No other countersign is syncing."
      return Finding(check: "lock", status: "ok", finding: finding)
    } catch {
      return Finding(check: "lock", status: "broken", finding: "\(error)", fix: "Check who owns the folder \(path).")
    }
  }

  private func stores(_ profile: Profile) -> [Finding] {
    do {
      let status = try profile.status()
      _ = try profile.list(SubjectQuery(limit: 1))
      return [Finding(check: "cache", status: "ok", finding: "\(counted(status.posts, "post")) held.")]
        + [sync(status), clock(status), outbox(status), answers(status), root(status)].compactMap { $0 }
    } catch {
      return [unreadable(error)]
    }
  }

  /// A damaged cache can be thrown away. A busy one, one on a full disk and one of a newer version hold what would be fetched
  /// anew for nothing.
  func unreadable(_ error: ClientError) -> Finding {
    if error.isBeyondRepair { return broken("outbox", error) }
    guard error.code == .damaged, !error.isOfNewerVersion else { return broken("cache", error) }
    return Finding(
      check: "cache", status: "broken", finding: error.sentence,
      fix: "Delete cache.sqlite in \(path), then: \(shell.typed("sync")). What waits to be sent is kept elsewhere.")
  }

  func sync(_ status: StatusReport) -> Finding {
    if status.connection == "stopped" {
      return Finding(
        check: "sync", status: "broken", finding: "Syncing has stopped: \(status.connectionDetail)",
        fix: StopRemedy.fix(status.stop, profile: name, in: shell))
    }
    guard let last = Instant(status.lastSyncedAt) else {
      return Finding(check: "sync", status: "warning", finding: "This device has never synced.", fix: shell.typed("sync"))
    }
    let now = shell.now()
    if let failed = FailedTryWords.line(status, now: now, in: shell) {
      return Finding(
        check: "sync", status: "warning", finding: "The last try \(failed).",
        fix: status.nextTryAt.isEmpty ? shell.typed("sync") : "")
    }
    let isLongAgo = now.milliseconds - last.milliseconds > Self.longAgoMilliseconds
    return Finding(
      check: "sync", status: isLongAgo ? "warning" : "ok", finding: "Last synced \(last.relative(to: now)).",
      fix: isLongAgo ? shell.typed("sync") : "")
  }

  private func clock(_ status: StatusReport) -> Finding {
    let skew = status.clockSkewMilliseconds.magnitude
    let text = spanText(milliseconds: Int64(clamping: skew))
    if skew <= Self.skewLimitMilliseconds {
      return Finding(check: "clock", status: "ok", finding: "Within \(text) of the server's.")
    }
    let side = status.clockSkewMilliseconds > 0 ? "ahead of" : "behind"
    return Finding(
      check: "clock", status: "warning", finding: "It is \(text) \(side) the server's.",
      fix: "Turn on network time: timedatectl set-ntp true")
  }

  private func outbox(_ status: StatusReport) -> Finding {
    guard status.unsent > 0 else { return Finding(check: "outbox", status: "ok", finding: "Nothing waits to be sent.") }
    let now = shell.now()
    let oldest = Instant(status.oldestUnsentAt)
    let isStale = oldest.map { now.milliseconds - $0.milliseconds > Self.staleMilliseconds } ?? false
    let since = oldest.map { ", the oldest from \($0.relative(to: now))" } ?? ""
    return Finding(
      check: "outbox", status: isStale ? "warning" : "ok", finding: "\(counted(status.unsent, "change")) to send\(since).",
      fix: isStale ? shell.typed("sync") : "")
  }

  /// What was refused counts until `outcomes` has shown it, what is parked until an admin has looked.
  func answers(_ status: StatusReport) -> Finding? {
    let parts = [(status.refusedUnseen, "refused"), (status.parked, "parked")].filter { $0.0 > 0 }
    guard !parts.isEmpty else { return nil }
    let what = parts.map { "\($0.1) \($0.0)" }.joined(separator: " and ")
    return Finding(
      check: "answers", status: "warning", finding: "The server \(what) of your changes.", fix: shell.typed("outcomes"))
  }

  private func root(_ status: StatusReport) -> Finding? {
    guard status.rootFingerprint.isEmpty else { return nil }
    return Finding(
      check: "root", status: "warning", finding: "No root of keys is named: everything rests on the server's word.",
      fix: "Let the tenant's first admin enrol, then: \(shell.typed("sync"))")
  }

  private func server(_ profile: Profile) async -> Finding {
    let url = profile.identity.serverURL
    let address = (url.hasSuffix("/") ? String(url.dropLast()) : url) + "/healthz"
    do {
      let reply = try await ClientEnvironment.live().get(address, nil)
      if reply.status == 200 { return Finding(check: "server", status: "ok", finding: "\(url) answers.") }
      return Finding(
        check: "server", status: "broken", finding: "\(url) answers with status \(reply.status).",
        fix: "Wait a little; then ask the server's admin.")
    } catch {
      return Finding(
        check: "server", status: "broken", finding: "\(error)",
        fix: "Check the network. If the server has moved: \(shell.typed("profiles", "set-url", "URL"))")
    }
  }
}
