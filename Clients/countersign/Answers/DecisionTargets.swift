// Reads what a decision is about. Seen is signed: a decision names the revision that was seen, or the person is shown it.
import ClientCore

/// The targets of a decision as they were given.
enum DecisionTargets {
  /// Arguments, with `-` replaced by the lines of standard input; empty lines and `#` comments are left out. None at all if
  /// standard input names nothing: for a script whose list is empty there is nothing to do.
  static func references(_ arguments: [String], in shell: Shell) throws -> [String] {
    var result: [String] = []
    for argument in arguments {
      guard argument == "-" else {
        result.append(argument)
        continue
      }
      result += try lines(of: shell.input)
    }
    if result.isEmpty && arguments.contains("-") { shell.note("Standard input names no post; nothing was done.", .dim) }
    guard !result.isEmpty || arguments.contains("-") else {
      throw CommandFailure(
        .usage, "no_targets", "No post was named.",
        remedy: "Name posts as POST or POST@DIGEST; with - one a line on standard input.")
    }
    return result
  }

  /// One reference a line.
  private static func lines(of input: Input) throws -> [String] {
    var result: [String] = []
    var number = 0
    while let line = input.line() {
      number += 1
      let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
      guard let reference = words.first.map(String.init) else { continue }
      guard parts(reference) != nil else { throw badReference(reference, in: "Line \(number) of standard input: ") }
      result.append(reference)
    }
    try input.requireWhole()
    return result
  }

  private static func badReference(_ text: String, in place: String = "") -> CommandFailure {
    CommandFailure(
      .usage, "bad_reference", "\(place)\(SafeText.line(text)) is no POST or POST@DIGEST; nothing was done.",
      remedy: "Give at least 4 digits of the post's id, and behind the @ at least 8 of the revision's digest.")
  }

  /// The shape of `ID` or `ID@DIGEST`, in small letters; nil for anything else.
  static func parts(_ reference: String) -> (post: String, digest: String?)? {
    let pieces = reference.lowercased().split(separator: "@", omittingEmptySubsequences: false)
    func isHex(_ text: Substring, _ count: ClosedRange<Int>) -> Bool {
      count.contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
    guard pieces.count <= 2, let post = pieces.first, isHex(post, 4...32) else { return nil }
    guard pieces.count == 2 else { return (String(post), nil) }
    guard isHex(pieces[1], 8...64) else { return nil }
    return (String(post), String(pieces[1]))
  }

  /// A reference that is no reference, said before anything is looked up.
  static func check(_ references: [String]) throws {
    guard let wrong = references.first(where: { parts($0) == nil }) else { return }
    throw badReference(wrong)
  }

  /// The posts that are held, by their whole ids, and a refusal for each that could not be found.
  static func posts(
    _ arguments: [String], of profile: Profile, in shell: Shell
  ) throws -> (found: [String], refused: [ChangeResult]) {
    let references = try references(arguments, in: shell)
    try check(references)
    var found: [String] = []
    var refused: [ChangeResult] = []
    for reference in references {
      do { found.append(try profile.resolve(reference).post) } catch { refused.append(result(reference, error)) }
    }
    return (found, refused)
  }

  /// The refusal of a target that could not be found.
  static func result(_ reference: String, _ error: ClientError) -> ChangeResult {
    let pieces = parts(reference)
    let candidates = error.details.isEmpty ? "" : " (\(error.details.joined(separator: ", ")))"
    var result = ChangeResult(
      post: pieces?.post ?? reference, revision: pieces?.digest ?? "", status: "rejected", code: snakeCase(error.code.rawValue),
      reason: error.sentence + candidates, exit: ExitStatus(error.code).rawValue)
    // Nobody was asked but this device: what it says would help, not what the rules say of such a code.
    result.remedy = error.remedy
    return result
  }
}

/// Decides on exact revisions.
struct DecisionRun {
  /// For a prediction, while nobody has been asked yet: what the person will say changes nothing of it.
  private static let reasonToCome = "?"

  let verdict: String
  let verb: String
  let profile: Profile
  let shell: Shell
  let options: ChangeOptions
  let answer: AnswerOptions

  private var needsReason: Bool { verdict != "approve" }

  /// - Parameter reason: nil where it is to be asked for, below the posts that are shown.
  func run(_ arguments: [String], reason given: String?) async throws {
    var reason = given
    let references = try DecisionTargets.references(arguments, in: shell)
    try DecisionTargets.check(references)
    var found: [SubjectReference] = []
    var refused: [ChangeResult] = []
    for reference in references {
      do { found.append(try profile.resolve(reference)) } catch { refused.append(DecisionTargets.result(reference, error)) }
    }
    refused += try refuseUnseen(&found, reason: reason)
    let unseen = found.filter { $0.revision == nil }
    if !unseen.isEmpty { try confirm(unseen, reason: &reason) }
    if !found.isEmpty { try askReason(&reason) }
    var given: Set<String> = []
    let targets = found.map { (post: $0.post, revision: $0.revision ?? $0.current) }
      .filter { given.insert($0.post + $0.revision).inserted }
    let report = targets.isEmpty ? nil : try profile.decide(verdict, targets: targets, reason: reason)
    try await ChangeRun(profile: profile, options: options, answer: answer, shell: shell)
      .finish(report, verb: verb, refused: refused)
  }

  /// Takes away what was named without its revision and what the rules refuse in any case (a conflicted post): nobody is
  /// asked about it, or told to type what would be refused.
  private func refuseUnseen(_ found: inout [SubjectReference], reason: String?) throws(ClientError) -> [ChangeResult] {
    let unseen = found.filter { $0.revision == nil }.map { (post: $0.post, revision: $0.current) }
    guard !unseen.isEmpty else { return [] }
    let words = reason ?? (needsReason ? Self.reasonToCome : nil)
    let refused = try profile.predictedDecision(verdict, targets: unseen, reason: words).filter { $0.status != "queued" }
    let posts = Set(refused.map(\.post))
    found.removeAll { $0.revision == nil && posts.contains($0.post) }
    return refused
  }

  /// Once for all posts of the command.
  private func askReason(_ reason: inout String?) throws {
    guard needsReason, reason == nil else { return }
    reason = try ReasonPrompt.required(nil, verb: verb, reads: [], in: shell)
  }

  /// The same command for a revision that was seen.
  private func line(_ reference: SubjectReference, reason: String?) -> String {
    let target = profile.shortID(reference.post, digits: ShortForm.postDigits) + "@" + ShortForm.revision(reference.current)
    var words = [verb, target]
    if let reason { words += ["--reason", reason] }
    if options.offline { words.append("--offline") }
    if let wait = options.wait { words.append("--wait=\(wait)") }
    return shell.typed(words)
  }

  /// Shows what was named without its revision and asks, for the reason first; without a person to ask, says what to type.
  private func confirm(_ unseen: [SubjectReference], reason: inout String?) throws {
    guard shell.canAsk && !answer.isJSON else {
      throw CommandFailure(
        .usage, "revision_missing", "\(verb) needs the revision that you saw: seen is signed. Look at it, then type:",
        details: unseen.map { [reason] in line($0, reason: reason) })
    }
    for reference in unseen {
      let detail = try profile.show(reference.post)
      for line in SubjectPage(shell: shell, profile: profile).lines(detail, hasHint: false) { shell.output.line(line) }
      try askReason(&reason)
      guard shell.confirms("\(verb): exactly this?") else {
        throw CommandFailure(.cancelled, "cancelled", "Nothing was decided.")
      }
    }
  }
}
