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
    var results: [ChangeResult] = []
    var mutations: [String] = []
    var seen = 0
  }

  private enum Step { case stay, next, stop }

  let profile: Profile
  let shell: Shell

  /// - Returns: everything that was said and done, whether or not the walk came to its end.
  func run(_ subjects: [SubjectSummary]) throws -> Tally {
    var tally = Tally()
    for (index, subject) in subjects.enumerated() {
      let detail = try profile.show(subject.post, markRead: false)
      guard detail.summary.waitsForMe else { continue }
      shell.output.line(shell.palette.paint("── \(index + 1) of \(subjects.count) ", .dim))
      for line in SubjectPage(shell: shell, profile: profile).lines(detail, hasHint: false) { shell.output.line(line) }
      tally.seen += 1
      if try answer(detail, into: &tally) == .stop { return tally }
    }
    return tally
  }

  private func answer(_ detail: SubjectDetail, into tally: inout Tally) throws -> Step {
    while true {
      guard let (key, words) = ReviewPrompt(shell: shell).read() else { return .stop }
      let step = try act(key, words, on: detail, into: &tally)
      // Who went on has read it; who stopped here has not decided whether to.
      if step == .next { _ = try profile.show(detail.summary.post, markRead: true) }
      if step != .stay { return step }
    }
  }

  private func act(
    _ key: Character, _ words: String, on detail: SubjectDetail, into tally: inout Tally
  ) throws -> Step {
    switch key {
    case "a", "c", "r", "h": return try decide(key, words, on: detail, into: &tally)
    case "m":
      guard let text = asked("Comment: ", given: words) else {
        shell.note("A comment needs words; nothing was said.")
        return .stay
      }
      tally.mutations += try profile.comment(post: detail.summary.post, text: text).mutations
      if !tally.mutations.isEmpty { Interruption.saved() }
      shell.output.line("comment  saved")
    case "d":
      let diff = try profile.diff(detail.summary.post)
      for line in DiffPage.lines(diff, width: shell.proseWidth, palette: shell.palette) { shell.output.line(line) }
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
    let report = try decided(verdict.name, on: target, reason: reason)
    for result in report.results {
      for line in ChangeRun.lines(result, verb: verdict.verb, in: shell) { shell.output.line(line) }
    }
    tally.results += report.results
    tally.mutations += report.mutations
    if !tally.mutations.isEmpty { Interruption.saved() }
    return .next
  }

  /// A text that is not what its digest names, is not held or is gone stops neither the walk nor what was decided before: it is
  /// refused by itself.
  private func decided(
    _ verdict: String, on target: (post: String, revision: String), reason: String?
  ) throws(ClientError) -> (results: [ChangeResult], mutations: [String]) {
    do {
      let report = try profile.decide(verdict, targets: [target], reason: reason)
      return (report.results, report.mutations)
    } catch {
      // Of a damaged store nothing can be read at all; that is told at once.
      guard error.damagedFile == nil, [.damaged, .notFound, .rejected].contains(error.code) else { throw error }
      var refusal = error
      // Which post it is stands above.
      refusal.details = []
      return ([DecisionTargets.result("\(target.post)@\(target.revision)", refusal)], [])
    }
  }

  /// The words given with the key, or those that a person types now. From a pipe the next line is the next answer.
  private func asked(_ question: String, given: String) -> String? {
    let mayAsk = given.isEmpty && shell.terminal.isInput
    let text = mayAsk ? TextEditor.trimmed(shell.ask(question) ?? "") : given
    return text.isEmpty ? nil : text
  }
}
