// Walks through what waits, one post at a time. On a terminal a single key answers; else each line is an answer, with the
// words behind it: `r the dose is wrong`.
import ClientCore

/// One walk through the queue.
struct ReviewSession {
  private static let verdicts: [Character: (name: String, verb: String)] = [
    "a": ("approve", "approve"), "c": ("request_changes", "request-changes"), "r": ("reject", "reject"), "h": ("hold", "hold"),
  ]

  /// What was done so far.
  struct Tally {
    /// Of decisions.
    var results: [ChangeResult] = []
    /// Of comments.
    var remarks: [ChangeResult] = []
    var mutations: [String] = []
  }

  private typealias Change = (results: [ChangeResult], mutations: [String])

  private enum Step { case stay, next, stop }

  let profile: Profile
  let shell: Shell

  /// - Returns: everything that was said and done, whether or not the walk came to its end.
  func run(_ subjects: [SubjectSummary]) throws -> Tally {
    var tally = Tally()
    for (index, subject) in subjects.enumerated() {
      guard let detail = try current(subject.post), detail.summary.waitsForMe else { continue }
      shell.output.line(shell.palette.paint("── \(index + 1) of \(subjects.count) ", .dim))
      for line in SubjectPage(shell: shell, profile: profile).lines(detail, hasHint: false) { shell.output.line(line) }
      if try answer(detail, into: &tally) == .stop { return tally }
    }
    return tally
  }

  /// Nil for a post that another process has let go of since the list was made.
  private func current(_ post: String) throws(ClientError) -> SubjectDetail? {
    do {
      return try profile.show(post, markRead: false)
    } catch {
      guard error.code == .notFound else { throw error }
      return nil
    }
  }

  private func answer(_ detail: SubjectDetail, into tally: inout Tally) throws -> Step {
    while true {
      guard let (key, words) = ReviewPrompt(shell: shell).read() else { return .stop }
      let step = try act(key, words, on: detail, into: &tally)
      // Who went on has read what stands above; who stopped here has not decided whether to.
      if step == .next { try profile.noteRead(detail) }
      if step != .stay { return step }
    }
  }

  private func act(
    _ key: Character, _ words: String, on detail: SubjectDetail, into tally: inout Tally
  ) throws -> Step {
    switch key {
    case "a", "c", "r", "h": return try decide(key, words, on: detail, into: &tally)
    case "m": try remark(words, on: detail, into: &tally)
    case "d": try compare(detail)
    case "s": return .next
    case "q": return .stop
    case "?": shell.errors.line(ReviewPrompt.help)
    default: ReviewPrompt(shell: shell).sayNotUnderstood(String(key))
    }
    return .stay
  }

  private func decide(
    _ key: Character, _ words: String, on detail: SubjectDetail, into tally: inout Tally
  ) throws -> Step {
    guard let verdict = Self.verdicts[key] else { return .stay }
    var reason: String? = words.isEmpty ? nil : words
    if key != "a" {
      reason = asked("Reason: ", given: words)
      if reason == nil {
        shell.note("\(verdict.verb) needs a reason; nothing was decided.")
        return .stay
      }
    }
    // The digest of what stands above this line, not of what may have come in meanwhile.
    let target = (post: detail.summary.post, revision: detail.summary.revision)
    let change = try changing(detail) { () throws(ClientError) in
      try profile.decide(verdict.name, targets: [target], reason: reason)
    }
    tally.results += change.results
    note(change, verb: verdict.verb, in: &tally)
    return .next
  }

  private func remark(_ words: String, on detail: SubjectDetail, into tally: inout Tally) throws(ClientError) {
    guard let text = asked("Comment: ", given: words) else {
      return shell.note("A comment needs words; nothing was said.")
    }
    let change = try changing(detail) { () throws(ClientError) in try profile.comment(post: detail.summary.post, text: text) }
    tally.remarks += change.results
    note(change, verb: "comment", in: &tally)
  }

  /// Where there is nothing to compare with, that is said, and the walk goes on.
  private func compare(_ detail: SubjectDetail) throws(ClientError) {
    do {
      let diff = try profile.diff(detail.summary.post)
      for line in DiffPage.lines(diff, width: shell.proseWidth, palette: shell.palette) { shell.output.line(line) }
    } catch {
      guard Self.isOfOnePost(error) else { throw error }
      shell.note(SafeText.line(error.description))
    }
  }

  /// Says what became of a change, and counts it.
  private func note(_ change: Change, verb: String, in tally: inout Tally) {
    for result in change.results {
      for line in ChangeRun.lines(result, verb: verb, in: shell) { shell.output.line(line) }
    }
    tally.mutations += change.mutations
    if !tally.mutations.isEmpty { Interruption.saved() }
  }

  /// A change that cannot be made of one post (its text is not what its digest names, is not held or is gone; the words are too
  /// long) stops neither the walk nor what was decided before: it is refused by itself.
  private func changing(
    _ detail: SubjectDetail, _ change: () throws(ClientError) -> ChangeReport
  ) throws(ClientError) -> Change {
    do {
      let report = try change()
      return (report.results, report.mutations)
    } catch {
      guard Self.isOfOnePost(error) else { throw error }
      var refusal = error
      // Which post it is stands above.
      refusal.details = []
      return ([DecisionTargets.result("\(detail.summary.post)@\(detail.summary.revision)", refusal)], [])
    }
  }

  /// Of a damaged store nothing can be read at all; that is told at once, as are a full disk and the like.
  static func isOfOnePost(_ error: ClientError) -> Bool {
    error.damagedFile == nil && [.damaged, .notFound, .rejected, .badInput].contains(error.code)
  }

  /// The words given with the key, or those that a person types now. From a pipe the next line is the next answer.
  private func asked(_ question: String, given: String) -> String? {
    let mayAsk = given.isEmpty && shell.terminal.isInput
    let text = mayAsk ? TextEditor.trimmed(shell.ask(question) ?? "") : given
    return text.isEmpty ? nil : text
  }
}
