// `countersign outcomes`: what the server answered, with the person's own words and what would help.
import ArgumentParser
import ClientCore

/// What was refused, parked or found damaged; with `--all` every answer.
struct OutcomesCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "outcomes", abstract: "Show what the server answered: what was refused or parked, why, and what would help.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions

  @Flag(help: "Everything that the server has answered, applied changes too.")
  var all = false

  @Option(help: ArgumentHelp("At most so many, the newest first.", valueName: "count"))
  var limit = 100_000

  func validate() throws {
    if limit < 1 { throw ValidationError("Give a limit of 1 or more.") }
  }

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    let outcomes = try profile.outcomes(refusedOnly: !all, limit: limit)
    if answer.isJSON { return try answer.write(list: outcomes, identifier: "mutation", in: shell) }
    if outcomes.isEmpty { shell.note(all ? "The server has answered nothing yet." : "Nothing was refused.") }
    let lines = outcomes.flatMap { Self.lines($0, now: shell.now(), palette: shell.palette, width: shell.proseWidth) }
    shell.show(lines, usesPager: !answer.noPager)
    // Whoever sees only the newest has not seen the others.
    if outcomes.count < limit { try profile.noteSeen(outcomes) }
    try Freshness.show(profile, in: shell)
  }

  static func lines(_ outcome: OutcomeReport, now: Instant, palette: Palette, width: Int) -> [String] {
    let original = outcome.original
    let what = ShortForm.words(original.verdict.isEmpty ? snakeCase(original.kind) : original.verdict)
    let target = Self.target(of: outcome)
    let isGood = outcome.status == "applied" || outcome.status == "staged"
    let status = palette.paint(isGood ? outcome.status : outcome.status.uppercased(), isGood ? .green : .red)
    let when = Instant(outcome.at)?.relative(to: now) ?? ""
    let evidence = outcome.ledgerIndex.map { "ledger \($0), \(outcome.evidence)" } ?? outcome.evidence
    var lines = [
      "\(status)  \(what)\(target)  "
        + palette.paint([when, evidence].filter { !$0.isEmpty }.joined(separator: " · "), .dim)
    ]
    if isGood { return lines }
    let code = outcome.code.isEmpty ? "" : " (\(outcome.code))"
    lines += WordWrap.indented(SafeText.line(outcome.reason) + code, width: width)
    if !outcome.remedy.isEmpty { lines += WordWrap.indented("What helps: " + SafeText.line(outcome.remedy), width: width) }
    if !original.words.isEmpty { lines += WordWrap.indented("You said: “\(SafeText.lines(original.words))”", width: width) }
    if let diff = outcome.diff, !diff.fields.isEmpty {
      lines += ["  From what you saw to what is there now:"]
      lines += DiffPage.lines(diff, width: width - 4, palette: palette).map { "    " + $0 }
    }
    if let now = nowThere(outcome.currentState) { lines += WordWrap.indented(now, width: width) }
    return lines + [""]
  }

  /// What a comparison does not tell of what is there now.
  private static func nowThere(_ state: String) -> String? {
    switch state {
    case "gone": "Now: this device does not hold the post any more."
    case "conflicted": "Now: two or more versions stand side by side; an editor must merge them."
    case "erased": "Now: the words of the post were erased."
    case "withdrawn": "Now: the post is withdrawn."
    case "damaged": "Now: what this device was given is not the text that its digest names; it is not shown."
    case "not_held": "Now: this device does not hold the text."
    default: nil
    }
  }

  private static func target(of outcome: OutcomeReport) -> String {
    if !outcome.target.isEmpty { return "  " + ShortForm.erased(outcome.target) }
    if outcome.post.isEmpty { return "" }
    let revision = outcome.original.revision
    return "  " + (revision.isEmpty ? ShortForm.post(outcome.post) : ShortForm.target(post: outcome.post, revision: revision))
  }
}
