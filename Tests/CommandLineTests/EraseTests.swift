// What `erase` asks and says, and how pages tell that words are gone.
import Testing

@testable import ClientCore
@testable import countersign

@Suite struct EraseTests {
  private let plain = Palette(isEnabled: false)

  @Test func `it is never done without a reason, and unasked only with --yes`() async throws {
    let quiet = Shell.sample()
    #expect(await Program.run(["erase", "1a2b", "--json"], in: quiet) == 64)
    #expect(quiet.errors.kept.contains("reason_required"))
    let person = Shell.sample(terminal: Terminal(isInput: true, isOutput: true, isError: true))
    let cases: [(arguments: [String], shell: Shell, mayGoOn: Bool)] = [
      (["1a2b"], quiet, false), (["--member", "Weber"], quiet, false), (["1a2b", "--yes"], quiet, true),
      (["-"], person, false), (["1a2b", "--json"], person, false), (["1a2b"], person, true),
    ]
    for (arguments, shell, mayGoOn) in cases {
      let command = try #require(try Program.command(["erase", "--reason", "a"] + arguments) as? EraseCommand)
      do {
        try command.requireConfirmation(in: shell)
        #expect(mayGoOn, "\(arguments)")
      } catch let failure as CommandFailure {
        #expect(!mayGoOn && failure.exit == 64 && failure.code == "not_confirmed", "\(arguments)")
      }
    }
  }

  @Test func `who cannot erase is told so before a reason is asked for`() async throws {
    let folder = try TemporaryFolder()
    let person = Shell.sample(
      input: ["Asked for."], variables: ["COUNTERSIGN_HOME": folder.path],
      terminal: Terminal(isInput: true, isOutput: true, isError: true))
    #expect(await Program.run(["erase", "1a2b"], in: person) == 4)
    #expect(!person.errors.kept.contains("Reason"))
  }

  @Test func `the question says what goes, and of what`() {
    let one = EraseCommand.lines("3 revisions, 1 reason", of: ["Flu shots"], width: 200)
    #expect(one.first == "This erases for good: 3 revisions, 1 reason of “Flu shots”.")
    let many = EraseCommand.lines("4 names", of: ["a", "b\u{202E}", "c", "d", "e"], width: 200)
    #expect(many.first == "This erases for good: 4 names of “a”, “b‹U+202E›”, “c” and 2 more.")
    #expect(one.last?.contains("backups") == true)
  }

  @Test func `each target is named in the answer, and has its own`() {
    let id = String(repeating: "7", count: 32)
    func result(_ target: String, _ status: String = "queued") -> ChangeResult {
      let revision = target.hasPrefix("revision/") ? String(target.dropFirst("revision/".count)) : ""
      return ChangeResult(
        post: "", revision: revision, status: status, code: "", reason: "", exit: status == "rejected" ? 8 : 0, target: target)
    }
    let targets = ["comment/\(id)", "comment/" + String(repeating: "8", count: 32), "revision/\(id)\(id)"]
    let delivery = Delivery(
      sync: "synced", answered: [result(targets[0], "applied"), result(targets[1], "rejected"), result(targets[2], "applied")],
      isComplete: true)
    let merged = ChangeRun.merged(targets.map { result($0) }, delivery: delivery, isWaiting: false)
    #expect(merged.map(\.exit) == [0, 8, 0])
    let lines = merged.map { ChangeRun.line($0, verb: "erase", palette: plain) }
    #expect(
      lines == ["erase  comment 77777777  done", "erase  comment 88888888  REFUSED", "erase  revision 7777777777777777  done"])
    var predicted = result(targets[0])
    predicted.post = id
    predicted.target = targets[1]
    let named = ChangeRun.merged([predicted], delivery: delivery, isWaiting: false).map {
      ChangeRun.line($0, verb: "erase", palette: plain)
    }
    #expect(named == ["erase  comment 88888888 of 77777777  REFUSED"], "the answer goes by the target")
    #expect(ShortForm.erased("subject/\(id)") == "withdrawal reason of 77777777")
  }

  @Test func `erased words are said so, and do not look empty`() {
    var detail = SubjectDetail.sample()
    (detail.decisions[0].reason, detail.decisions[0].isErased) = ("", true)
    (detail.comments[0].text, detail.comments[0].isErased) = ("", true)
    let lines = SubjectPage(shell: Shell.sample()).lines(detail)
    #expect(lines.filter { $0 == "    (erased)" }.count == 2)
    #expect(!lines.contains { $0.contains("“") })
    var summary = detail.summary
    (summary.text, summary.isErased) = ("", true)
    let shell = Shell.sample()
    #expect(SubjectTable.lines([summary], in: shell, now: shell.now())[0].hasSuffix("(erased)"))
  }

  @Test func `an audit says how many entries it read without their words`() {
    var report = AuditReport(
      ok: true, size: 9, root: "r", signaturesChecked: 1, serverVouched: 0, entriesChecked: 9, checkpointsChecked: 1,
      outcomesProved: 1, awaitingProof: 0, erased: 3, problems: [])
    let sentence = "erased words; what was decided of merges among them was not recomputed."
    #expect(AuditVerifyCommand.lines(report, palette: plain, width: 200).contains("3 entries have \(sentence)"))
    report.erased = 1
    #expect(AuditVerifyCommand.lines(report, palette: plain, width: 200).contains("1 entry has \(sentence)"))
    report.rootKey = "k"
    let lines = AuditVerifyCommand.lines(report, palette: plain, width: 200)
    #expect(lines.contains("checkpoint  9 entries, tree hash r") && lines.contains("root key    k"))
    report.erased = 0
    #expect(!AuditVerifyCommand.lines(report, palette: plain, width: 200).contains { $0.contains("erased") })
  }
}
