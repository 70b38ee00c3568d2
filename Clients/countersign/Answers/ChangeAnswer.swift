// What a change answers: what became of each target, and whether it has reached the server.
import ClientCore

/// The answer of every command that changes something.
struct ChangeAnswer: Encodable {
  var mutations: [String]
  var results: [ChangeResult]
  /// `synced`, `offline`, `another_process`, `unreachable`, `timed_out`, `refused` or `nothing_to_send`.
  var sync: String
  /// Why, in a sentence; empty if there is nothing to say.
  var detail: String

  /// Of a change that changed nothing.
  static let empty = ChangeAnswer(mutations: [], results: [], sync: "nothing_to_send", detail: "")
}

/// How far changes have got after they were saved here.
struct Delivery {
  /// The words of `ChangeAnswer.sync`.
  var sync = "nothing_to_send"
  var detail = ""
  /// What the server has answered.
  var answered: [ChangeResult] = []
  var isComplete = false

  /// The session was refused for good: nothing is sent before a person has done something.
  var isRefused: Bool { !isComplete && sync == "refused" }

  /// For whoever waits in vain: refused by the server, or not confirmed yet.
  var unansweredExit: Int32 { (sync == "refused" ? ExitStatus.refused : .notConfirmed).rawValue }

  /// What changes without an answer end with: whoever does not wait is content with what is saved, unless it cannot go out.
  func unansweredExit(isWaiting: Bool) -> Int32 {
    isRefused || (isWaiting && !isComplete) ? unansweredExit : ExitStatus.done.rawValue
  }

  /// A sentence for standard error; nil if everything is answered.
  var note: String? {
    if isComplete || sync == "nothing_to_send" { return nil }
    let kept = "Saved on this device"
    switch sync {
    case "offline": return "\(kept); it goes out with the next sync."
    case "another_process": return "\(kept); another countersign is sending it."
    case "unreachable": return "\(kept); it goes out with the next sync. \(detail)"
    case "refused": return "The session was refused: \(detail) What you changed stays on this device and is not sent."
    default: return "\(kept); the server has not answered yet."
    }
  }
}

/// Saves are done; this brings them to the server as far as the options ask.
struct DeliveryRun {
  static let attemptMilliseconds: UInt64 = 2_000
  /// Of somebody who waits.
  static let longestAttemptMilliseconds: UInt64 = 30_000
  /// A year; more is no wait but a mistake.
  static let longestWaitSeconds: UInt = 366 * 24 * 3_600

  let profile: Profile
  let options: ChangeOptions
  let shell: Shell

  /// Tries to send, and collects what was answered. Who waits tries again until the time is over.
  func deliver(_ mutations: [String]) async throws -> Delivery {
    var delivery = Delivery()
    if mutations.isEmpty { return delivery }
    Interruption.saved()
    defer { if delivery.isComplete { Interruption.answered() } }
    if options.offline {
      delivery.sync = "offline"
      return delivery
    }
    let limit = options.wait.map { $0 == 0 ? UInt64.max : UInt64(min($0, Self.longestWaitSeconds)) * 1_000 } ?? 0
    let began = shell.uptimeMilliseconds()
    var pacing = RetryPacing()
    while true {
      let left = limit - min(limit, shell.uptimeMilliseconds() - began)
      let attempt = max(Self.attemptMilliseconds, min(left, Self.longestAttemptMilliseconds))
      let tried = await profile.trySync(withinMilliseconds: attempt)
      describe(tried, in: &delivery)
      let spent = shell.uptimeMilliseconds() - began
      let remaining = limit - min(limit, spent)
      let pause = profile.pauseMilliseconds(after: tried, &pacing)
      let patience = Self.patience(after: tried, spent: spent, atMost: min(pause, remaining))
      if try await collect(mutations, into: &delivery, withinMilliseconds: patience) { return delivery }
      // Who has to stop before the pause is over does not ask once more.
      if remaining <= pause || delivery.sync == "refused" { return delivery }
    }
  }

  /// How long to look for answers after a try. Another process has only just been woken then: it gets the time that a try here
  /// would have had, or a pause beside a `watch` would always be told as not in force.
  static func patience(after tried: SyncAttempt, spent: UInt64, atMost rest: UInt64) -> UInt64 {
    tried == .poked ? max(rest, attemptMilliseconds - min(attemptMilliseconds, spent)) : rest
  }

  /// Whether everything is answered, now or within a time.
  private func collect(
    _ mutations: [String], into delivery: inout Delivery, withinMilliseconds: UInt64
  ) async throws -> Bool {
    do {
      delivery.answered = try await profile.waitUntilAnswered(mutations, withinMilliseconds: withinMilliseconds)
    } catch {
      let isOpen = error.code == .notConfirmed || error.code == .unreachable
      guard isOpen else { throw error }
      if delivery.sync == "synced" { delivery.sync = "timed_out" }
      return false
    }
    (delivery.isComplete, delivery.sync, delivery.detail) = (true, "synced", "")
    return true
  }

  private func describe(_ attempt: SyncAttempt, in delivery: inout Delivery) {
    // What an earlier try said is not why this one has come to nothing.
    let (sync, detail): (String, String) =
      switch attempt {
      case .synced: ("synced", "")
      case .poked: ("another_process", "")
      case .unreachable(let reason): ("unreachable", SafeText.line(reason))
      case .timedOut: ("timed_out", "")
      case .refused(let reason): ("refused", SafeText.line(reason))
      }
    (delivery.sync, delivery.detail) = (sync, detail)
  }
}

/// Delivers a change and says what became of it.
struct ChangeRun {
  let profile: Profile
  let options: ChangeOptions
  let answer: AnswerOptions
  let shell: Shell

  /// - Parameters:
  ///   - verb: what was done, for people: `approve`.
  ///   - refused: targets that never came to a change, with their reasons.
  ///   - closing: what is said below the answer, if anything was not refused.
  /// - Throws: a silent failure with the gravest target's exit code.
  func finish(_ report: ChangeReport?, verb: String, refused: [ChangeResult] = [], closing: String? = nil) async throws {
    let delivery = try await DeliveryRun(profile: profile, options: options, shell: shell).deliver(report?.mutations ?? [])
    let results = refused + Self.merged(report?.results ?? [], delivery: delivery, isWaiting: options.wait != nil)
    if answer.isJSON {
      let value = ChangeAnswer(
        mutations: report?.mutations ?? [], results: results, sync: delivery.sync, detail: delivery.detail)
      try answer.write(value, identifier: "mutations", in: shell)
    } else {
      for result in results {
        for line in Self.lines(result, verb: verb, in: shell) { shell.output.line(line) }
      }
      shell.output.flush()
      if let closing, results.contains(where: { ["queued", "applied"].contains($0.status) }) { shell.note(closing) }
      if let note = delivery.note { shell.note(note, delivery.sync == "refused" ? .red : .dim) }
    }
    let exit = ExitStatus.gravest(results.map(\.exit))
    if exit != 0 { throw CommandFailure.silent(exit) }
  }

  /// The server's answers in place of the predictions. Who waits and has no answer is told so by exit code 7, and whose
  /// session was refused for good by 4.
  static func merged(_ predicted: [ChangeResult], delivery: Delivery, isWaiting: Bool) -> [ChangeResult] {
    var answers = answersInTurn(delivery.answered, to: predicted)
    return predicted.map { result in
      if result.status != "queued" { return result }
      if var answer = answers[key(of: result)]?.popFirst() {
        // Which post an erased comment belonged to, the answer does not say.
        if answer.post.isEmpty { answer.post = result.post }
        return answer
      }
      // A new revision's digest may be the server's (a merge), so the post alone tells the answer too.
      if delivery.isComplete, let answer = delivery.answered.last(where: { $0.post == result.post }) { return answer }
      var result = result
      result.exit = delivery.unansweredExit(isWaiting: isWaiting)
      return result
    }
  }

  /// Answers by what they are about. Several changes may be about the same (what a `resume` lifts has no post at all), and each
  /// has an answer of its own, in their order. Where more were answered than are asked for, the last ones are meant.
  private static func answersInTurn(
    _ answered: [ChangeResult], to predicted: [ChangeResult]
  ) -> [String: ArraySlice<ChangeResult>] {
    let asked = Dictionary(grouping: predicted.filter { $0.status == "queued" }, by: key(of:)).mapValues(\.count)
    var answers: [String: ArraySlice<ChangeResult>] = [:]
    for (name, results) in Dictionary(grouping: answered, by: key(of:)) { answers[name] = results.suffix(asked[name] ?? 0) }
    return answers
  }

  private static func key(of result: ChangeResult) -> String {
    result.target.isEmpty ? result.post + result.revision : result.target
  }

  /// What became of a target, and under a refusal what would help, with the line to type if there is one.
  static func lines(_ result: ChangeResult, verb: String, in shell: Shell) -> [String] {
    let first = line(result, verb: verb, palette: shell.palette)
    if result.remedy.isEmpty { return [first] }
    let helps = WordWrap.indented("What helps: " + SafeText.line(result.remedy), width: shell.proseWidth)
    let next = nextStep(result, in: shell).map { ["  " + $0] } ?? []
    return [first] + helps + next
  }

  private static func nextStep(_ result: ChangeResult, in shell: Shell) -> String? {
    let post = ShortForm.post(result.post)
    if post.isEmpty { return nil }
    switch result.code {
    case "stale_revision": return shell.typed("diff", post)
    case "conflicted": return shell.typed("merge", post)
    case "heads_moved", "unknown_base": return shell.typed("show", post)
    default: return nil
    }
  }

  private static func target(of result: ChangeResult) -> String {
    if !result.target.isEmpty {
      let words = ShortForm.erased(result.target)
      return result.post.isEmpty || result.target.hasSuffix(result.post) ? words : "\(words) of \(ShortForm.post(result.post))"
    }
    if result.post.isEmpty { return "" }
    return result.revision.isEmpty
      ? ShortForm.post(result.post) : ShortForm.target(post: result.post, revision: result.revision)
  }

  static func line(_ result: ChangeResult, verb: String, palette: Palette) -> String {
    let (words, style): (String, TextStyle) =
      switch result.status {
      case "applied": ("done", .green)
      case "queued" where result.exit == ExitStatus.refused.rawValue: ("NOT SENT, kept on this device", .red)
      case "queued": ("saved, waiting for the server", .plain)
      case "parked": ("parked, an admin must look", .yellow)
      // Nobody has refused what never reached the server.
      case "damaged": ("NOT SENT, damaged on this device", .red)
      // Nobody has refused what cannot be found.
      case _ where result.exit == ExitStatus.notFound.rawValue: ("not done", .red)
      default: ("REFUSED", .red)
      }
    let code = result.code.isEmpty ? "" : " (\(result.code))"
    let reason = result.reason.isEmpty ? "" : ": " + SafeText.line(result.reason)
    let outcome = palette.paint(words, style) + code + reason
    return [verb, target(of: result), outcome].filter { !$0.isEmpty }.joined(separator: "  ")
  }
}
