// Safety: pausing, resuming, undoing, revoking.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import Trust

extension Profile {
  /// Stops publishing for the whole tenant. Not in force until the server has answered.
  public func pause(reason: String?) throws(ClientError) -> ChangeReport {
    let part = reason.map { newPart($0, .reason) }
    var body = Pause()
    body.pause = newID()
    body.reason = part?.digest
    return try change([ChangeDraft(.pause(body), parts: part.map { [$0] } ?? [])])
  }

  /// Lifts every pause that this device knows of, and no other.
  public func resume() throws(ClientError) -> ChangeReport {
    let reader = EntityReader(cache: try currentView())
    let pauses = try storing {
      try reader.all(.pause).compactMap { value -> PauseID? in
        if case .pause(let pause) = value, pause.liftedBy == nil { pause.id } else { nil }
      }
    }
    guard !pauses.isEmpty else {
      throw ClientError(.notFound, "Nothing is paused, as far as this device knows.", remedy: "Sync, then try again.")
    }
    let drafts = stride(from: 0, to: pauses.count, by: RuleLimits.targets).map { start in
      var body = Resume()
      body.pauses = Array(pauses[start..<min(start + RuleLimits.targets, pauses.count)])
      return ChangeDraft(.resume(body), isSplittable: true)
    }
    return try change(drafts)
  }

  /// Takes back the newest commands that were never offered to the server; for the rest, down to those that the server has
  /// answered, says what to do instead.
  public func undo(count: Int = 1) throws(ClientError) -> UndoReport {
    let rows = try storing { try outbox.unanswered() }
    var report = UndoReport(undone: [], tooLate: [])
    for command in Self.commands(rows).reversed().prefix(max(0, count)) {
      // All of a command or nothing of it, also beside a sync: half a batch would be worse than either.
      let isUndone = try storing { try outbox.cut(command.map(\.row)) }
      let entry = try undoEntry(command, isUndone: isUndone)
      if isUndone { report.undone.append(entry) } else { report.tooLate.append(entry) }
    }
    if !report.undone.isEmpty { _ = try currentView() }
    report.tooLate += try answered(commands: count - report.undone.count - report.tooLate.count)
    return report
  }

  /// Of the answered mutations so many are looked at; a batch of more names only its newest ones.
  private static let answeredLookBack = 200
  /// What enrolling queues by itself is no command of a person.
  private static let enrolmentKinds: Set<String> = ["enrol_device", "name_root", "vouch_device"]

  /// The newest commands that stand in the ledger, newest first, each with what to do instead.
  private func answered(commands count: Int) throws(ClientError) -> [UndoReport.Entry] {
    guard count > 0 else { return [] }
    let rows = try storing { try outbox.answered(isRefused: false, limit: Self.answeredLookBack) }
    let standing = rows.reversed().filter { row in
      guard row.state != .quarantined, let outcome = OutcomeReading.outcome(row), outcome.status != .rejected else {
        return false
      }
      return !Self.enrolmentKinds.contains(MutationDescription(row.mutation).kind)
    }
    var entries: [UndoReport.Entry] = []
    for command in Self.commands(standing).reversed().prefix(count) {
      entries.append(try undoEntry(command, isUndone: false))
    }
    return entries
  }

  private func undoEntry(_ command: [OutboxRow], isUndone: Bool) throws(ClientError) -> UndoReport.Entry {
    let descriptions = command.map { MutationDescription($0.mutation) }
    var seen: Set<SubjectID> = []
    let posts = descriptions.flatMap(\.targets).compactMap(\.subject).filter { seen.insert($0).inserted }
    let reader = EntityReader(cache: try openedCache())
    let text = try storing { () throws -> String? in
      guard let only = posts.first, posts.count == 1, let subject = try reader.subject(only), let head = subject.heads.first
      else { return nil }
      return try reader.reading(head, of: subject).content?.text
    }
    let newest = descriptions.last
    return UndoReport.Entry(
      mutations: command.map(\.mutation.mutationID.hex), kind: newest?.kind ?? "", what: newest?.summary ?? "",
      posts: posts.map(\.hex), text: text ?? "", instead: isUndone ? "" : newest?.instead ?? "")
  }

  /// Rows that one command queued: the stages of a batch with its import, and the parts of a change that was split.
  private static func commands(_ rows: [OutboxRow]) -> [[OutboxRow]] {
    var commands: [[OutboxRow]] = []
    for row in rows {
      if let last = commands.last?.last, last.mutation.queuedMilliseconds == row.mutation.queuedMilliseconds,
        continues(row, after: last)
      {
        commands[commands.count - 1].append(row)
      } else {
        commands.append([row])
      }
    }
    return commands
  }

  /// A command's mutations share their moment (see `predict` and `importBatch`). Two commands may share one, too, so the
  /// kinds must fit: these are the ones that a command queues several of.
  private static func continues(_ row: OutboxRow, after last: OutboxRow) -> Bool {
    let kinds = (MutationDescription(last.mutation).kind, MutationDescription(row.mutation).kind)
    switch kinds {
    case ("create_campaign", "stage_batch"), ("stage_batch", "stage_batch"), ("stage_batch", "import_batch"): return true
    case ("decide", "decide"), ("submit", "submit"), ("withdraw", "withdraw"), ("withdraw_decision", "withdraw_decision"),
      ("resume", "resume"), ("erase", "erase"), ("delegate", "delegate"):
      return true
    default: return false
    }
  }

  /// Ends a device for good, with those that it vouched for: a name, or the beginning of an id. An admin ends any but the one
  /// at hand, a member their own others. Not in force until the server has answered.
  public func revoke(device name: String) throws(ClientError) -> ChangeReport {
    var body = RevokeDevice()
    body.device = try revocable(name).id
    return try change([ChangeDraft(.revokeDevice(body))])
  }

  /// What `revoke` would end: id and name of the device, and whose it is, for the person who is asked.
  ///
  /// - Throws: `notFound` or `ambiguous` with the candidates in `details`; `rejected` for the device at hand.
  public func deviceToRevoke(_ name: String) throws(ClientError) -> (device: String, name: String, member: String) {
    let device = try revocable(name)
    return (device.id.hex, device.shownName, try heldMember(device.member)?.shownName ?? "")
  }

  private func revocable(_ name: String) throws(ClientError) -> DeviceEntity {
    let device = try device(named: name)
    guard device.id != deviceID else {
      throw ClientError(
        .rejected, "This is the device at hand, which cannot revoke itself.",
        remedy: "Revoke it from another device of yours, or ask an admin.")
    }
    return device
  }
}
