// `countersign erase`: removes words for good, of posts or names. What was decided, and the proof of it, stay.
import ArgumentParser
import ClientCore

/// Removes words for good.
struct EraseCommand: ChangeCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase", abstract: "Remove the words of posts, or names, for good (admins).",
    discussion: """
      POST stands for everything that was written in it and about it, and must be withdrawn first; POST@DIGEST for one \
      older revision alone. Decisions and signatures stay, and so does your reason: do not repeat in it what is to go. \
      Devices lose the words when they next sync; backups and copies that were made before keep them.
      """)

  /// What is typed to confirm it: `y` is too quickly pressed for what nobody can take back.
  private static let confirmation = "erase"
  private static let titlesShown = 3
  private static let reasonNote = "it is kept, so do not repeat in it what is to go"

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions

  @Option(name: [.short, .long], help: "Why; required (asked for on a terminal). It is kept.")
  var reason: String?

  @Option(help: ArgumentHelp("The name of this member instead of posts (its name or id); repeatable.", valueName: "member"))
  var member: [String] = []

  @Option(help: ArgumentHelp("The name of this device instead of posts (its name or id); repeatable.", valueName: "device"))
  var device: [String] = []

  @Flag(help: "Do not ask.")
  var yes = false

  @Argument(help: ArgumentHelp("Withdrawn posts, or POST@DIGEST, or - for standard input.", valueName: "post"))
  var posts: [String] = []

  func validate() throws {
    guard [posts, member, device].filter({ !$0.isEmpty }).count == 1 else {
      throw ValidationError("Name either posts, or members by --member, or devices by --device.")
    }
  }

  func run(in shell: Shell) async throws {
    let given = try ReasonPrompt.given(reason, verb: "erase", reads: posts, note: Self.reasonNote, in: shell)
    let profile = try profile.open(in: shell)
    // Whoever is refused in any case is told so, and not asked first: for the role, for the posts, for each target.
    try profile.requireMayErase()
    let run = ChangeRun(profile: profile, options: change, answer: answer, shell: shell)
    // Standard input named nothing.
    guard let erasure = try self.erasure(in: profile, shell) else { return try await run.finish(nil, verb: "erase") }
    let reason = try ReasonPrompt.required(given, verb: "erase", reads: posts, note: Self.reasonNote, in: shell)
    let predicted = try profile.predictedErasure(erasure, reason: reason)
    let isAllowed = predicted.contains { $0.status == "queued" }
    if isAllowed && !yes {
      try requireConfirmation(in: shell)
      try confirm(erasure, in: shell)
    }
    // What was refused a moment ago is not done unasked, whatever has come since.
    let report = isAllowed ? try profile.erase(erasure, reason: reason) : nil
    try await run.finish(report, verb: "erase", refused: isAllowed ? [] : predicted)
  }

  private func erasure(in profile: Profile, _ shell: Shell) throws -> Erasure? {
    if !member.isEmpty { return try profile.erasure(ofMembers: member) }
    if !device.isEmpty { return try profile.erasure(ofDevices: device) }
    let references = try DecisionTargets.references(posts, in: shell)
    try DecisionTargets.check(references)
    if references.isEmpty { return nil }
    do {
      return try profile.erasure(ofPosts: references)
    } catch {
      var failure = CommandFailure(error)
      guard error.code == .rejected else { throw failure }
      failure.details = error.details.map { shell.typed("withdraw", profile.shortID($0, digits: ShortForm.postDigits)) }
      throw failure
    }
  }

  /// Nothing of this can be taken back, so it is never done unasked.
  func requireConfirmation(in shell: Shell) throws {
    let canAsk = shell.canAsk && !posts.contains("-") && !answer.isJSON
    guard !yes && !canAsk else { return }
    throw CommandFailure(
      .usage, "not_confirmed", "Erasing cannot be undone, and there is no terminal to ask.",
      remedy: "Give --yes if you are sure.")
  }

  private func confirm(_ erasure: Erasure, in shell: Shell) throws {
    for line in Self.lines(erasure.contents, of: erasure.titles, width: shell.proseWidth) { shell.note(line) }
    let typed = shell.ask("Type \(Self.confirmation) to go on: ") ?? ""
    guard typed.filter({ !$0.isWhitespace }) == Self.confirmation else {
      throw CommandFailure(.cancelled, "cancelled", "Nothing was erased.")
    }
  }

  /// What will be gone.
  static func lines(_ contents: String, of titles: [String], width: Int) -> [String] {
    let shown = titles.prefix(titlesShown).map { "“\(SafeText.line($0))”" }.joined(separator: ", ")
    let rest = titles.count > titlesShown ? " and \(titles.count - titlesShown) more" : ""
    return WordWrap.lines("This erases for good: \(contents) of \(shown)\(rest).", width: width)
      + WordWrap.lines(
        "Devices lose the words when they next sync; backups and copies that were made before keep them.", width: width)
  }
}
