// `countersign audit verify`: checks signatures, proofs and checkpoints, offline or against the whole ledger.
import ArgumentParser
import ClientCore

/// Checks evidence.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Check the evidence that this device holds.",
    subcommands: [AuditVerifyCommand.self], defaultSubcommand: AuditVerifyCommand.self)
}

/// Checks signatures, proofs and checkpoints.
struct AuditVerifyCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check every signature, proof and checkpoint that this device holds, offline.",
    discussion: "Exit code 1 if anything is wrong, 7 if something is not proved yet because no sync has fetched its evidence.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions

  @Option(help: ArgumentHelp("The fingerprint of the tenant's root key as you know it, 64 digits.", valueName: "fingerprint"))
  var root: String?

  @Flag(help: "Fetch the whole ledger and replay it (admins; needs the server).")
  var full = false

  func run(in shell: Shell) async throws {
    // The whole audit fetches what it checks.
    let profile = try full ? profile.open(in: shell) : profile.openFetched(in: shell)
    let fingerprint = try root.map(Self.checked)
    let report = full ? try await whole(profile, fingerprint, in: shell) : try profile.audit(expectedRoot: fingerprint)
    if answer.isJSON {
      try answer.write(report, identifier: "root", in: shell)
    } else {
      for line in Self.lines(report, palette: shell.palette, width: shell.proseWidth) { shell.output.line(line) }
    }
    guard report.problems.isEmpty else { throw CommandFailure.silent(ExitStatus.failure.rawValue) }
    guard report.ok else { throw CommandFailure.silent(ExitStatus.notConfirmed.rawValue) }
  }

  private func whole(_ profile: Profile, _ fingerprint: String?, in shell: Shell) async throws(ClientError) -> AuditReport {
    let meter = ProgressMeter(shell: shell)
    defer { meter.finish() }
    return try await profile.auditFull(expectedRoot: fingerprint) { meter.show($0) }
  }

  /// Spaces and colons between the digits, as people write them, do not count.
  static func checked(_ text: String) throws -> String {
    let digits = text.lowercased().filter { $0 != " " && $0 != ":" && $0 != "-" }
    guard digits.utf8.count == 64, digits.allSatisfy(\.isHexDigit) else {
      throw CommandFailure(
        .usage, "bad_fingerprint", "A fingerprint has 64 hexadecimal digits.", remedy: "Ask your admin for it.")
    }
    return digits
  }

  static func lines(_ report: AuditReport, palette: Palette, width: Int) -> [String] {
    let isSound = report.problems.isEmpty
    let head = isSound ? palette.paint("The evidence is sound.", .green) : palette.paint("THE EVIDENCE IS NOT SOUND.", .red)
    var lines = [head] + report.problems.flatMap { WordWrap.indented("- " + SafeText.line($0), width: width) }
    lines.append("checkpoint  \(counted(Int(clamping: report.size), "entry", plural: "entries")), tree hash \(report.root)")
    if !report.rootKey.isEmpty { lines.append("root key    \(report.rootKey)") }
    lines.append(
      "checked     \(counted(report.signaturesChecked, "signature")), \(counted(report.entriesChecked, "entry", plural: "entries")), "
        + "\(counted(report.checkpointsChecked, "checkpoint")), \(counted(report.outcomesProved, "proved outcome"))")
    if report.awaitingProof > 0 {
      let awaiting = counted(report.awaitingProof, "decision or revision", plural: "decisions and revisions")
      lines.append("Not proved yet: \(awaiting); sync, then audit again.")
    }
    if report.erased > 0 {
      let entries = counted(report.erased, "entry has", plural: "entries have")
      lines += WordWrap.lines(
        "\(entries) erased words; what was decided of merges among them was not recomputed.", width: width)
    }
    if report.serverVouched > 0 {
      let rest = counted(report.serverVouched, "rests", plural: "rest")
      lines.append("Of the devices' keys, \(rest) on the server's word alone.")
    }
    return lines
  }
}
