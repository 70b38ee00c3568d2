// Safety and people: pausing, resuming, undoing, inviting.
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
      // All of a command or nothing of it: half a batch would be worse than either.
      let isWhole = command.allSatisfy { $0.state == .queued }
      let cut = isWhole ? try storing { try outbox.cut(command.map(\.row)) } : []
      let what = command.last.map { MutationDescription($0.mutation) }
      let entry = UndoReport.Entry(
        mutations: command.map(\.mutation.mutationID.hex), what: what?.summary ?? "",
        instead: cut.count == command.count ? "" : what?.instead ?? "")
      if cut.count == command.count { report.undone.append(entry) } else { report.tooLate.append(entry) }
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
    return Self.commands(standing).reversed().prefix(count).map { command in
      let what = command.last.map { MutationDescription($0.mutation) }
      return UndoReport.Entry(
        mutations: command.map(\.mutation.mutationID.hex), what: what?.summary ?? "", instead: what?.instead ?? "")
    }
  }

  /// Rows that one command queued: the stages of a batch with its import, and the parts of one decision that was split.
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

  /// A command's mutations share their moment (see `importBatch`), and only these kinds come in rows.
  private static func continues(_ row: OutboxRow, after last: OutboxRow) -> Bool {
    let kinds = (MutationDescription(last.mutation).kind, MutationDescription(row.mutation).kind)
    switch kinds {
    case ("create_campaign", "stage_batch"), ("stage_batch", "stage_batch"), ("stage_batch", "import_batch"): return true
    case ("decide", "decide"), ("submit", "submit"), ("withdraw", "withdraw"), ("withdraw_decision", "withdraw_decision"),
      ("resume", "resume"), ("erase", "erase"):
      return true
    default: return false
    }
  }

  /// Invites a person, signed by this admin's device. The code works once the server has answered the mutation.
  public func inviteMember(name: String, roles: [String]) throws(ClientError) -> InvitationReport {
    let identity = openIdentity
    guard let invite = SigningKey(seed: environment.randomBytes(SigningKey.seedByteCount)) else { throw .damagedIdentity }
    var body = InviteMember()
    body.member = newID()
    for name in roles {
      guard let role = Role(name: name) else {
        throw ClientError(.badInput, "\"\(name)\" is no role.", remedy: "Use admin, editor, reviewer, viewer or service.")
      }
      body.roles.append(role)
    }
    let part = newPart(name, .name)
    body.inviteKey = invite.publicKey
    body.name = part.digest
    let report = try change([ChangeDraft(.inviteMember(body), parts: [part])])
    guard let mutation = report.mutations.first else {
      let refused = report.results.first
      throw ClientError(.notPermitted, refused?.reason ?? "The rules refuse it.", details: [refused?.code ?? ""])
    }
    var code = InvitationCode()
    code.url = identity.file.url
    code.tenant = identity.tenant
    code.tenantName = identity.file.tenantName
    code.serverKey = try identity.serverKey()
    code.rootFingerprint = identity.file.rootFingerprint.flatMap { Digest(hex: $0) }
    code.seed = invite.seed
    return InvitationReport(code: code.text, member: body.member.hex, mutation: mutation)
  }
}
