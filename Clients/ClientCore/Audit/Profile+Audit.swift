// Checking what this device holds against signatures, proofs and checkpoints.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Synchronization
import Trust

extension Profile {
  /// Checks all evidence that this device holds, offline. What has no evidence here yet is counted and is no problem.
  ///
  /// - Parameter expectedRoot: the tenant's root fingerprint as the person knows it, 64 hexadecimal digits.
  public func audit(expectedRoot: String? = nil) throws(ClientError) -> AuditReport {
    if let expectedRoot, Digest(hex: expectedRoot) == nil {
      throw ClientError(.badInput, "\"\(expectedRoot)\" is no fingerprint.", remedy: "Give its 64 hexadecimal digits.")
    }
    try requireNoTreeHash(expectedRoot)
    let identity = openIdentity
    let cache = try openedCache()
    var audit = LocalAudit(
      tenant: identity.tenant, serverKey: try identity.serverKey(), ownKey: try identity.deviceKey().publicKey)
    try storing {
      audit.check(try outbox.checkpoints())
      try cache.allRows { _, row in if let payload = row.payload { audit.take(row.key, payload: payload) } }
      try cache.allEvidence { audit.check($0) }
      audit.checkBindings()
      audit.checkRoot(pinned: identity.file.rootFingerprint, expected: expectedRoot)
      audit.checkDecisions()
      audit.checkStanding()
      audit.checkRevisions()
      audit.checkHeads()
      let answered = try outbox.answered(isRefused: false, limit: .max)
      try audit.checkOwnDecisions(answered, in: cache)
      for row in answered { audit.check(answered: row) }
    }
    var report = audit.findings.report(
      size: audit.newest.size, root: audit.newest.size == 0 ? "" : audit.newest.root.hex)
    report.rootKey = audit.tenantEntity?.root?.fingerprint.hex ?? identity.file.rootFingerprint ?? ""
    return report
  }

  /// Two things are called root: the key that the others rest on, and what a checkpoint says of the ledger. Who gives the one
  /// where the other is meant has found no forgery.
  private func requireNoTreeHash(_ expectedRoot: String?) throws(ClientError) {
    guard let digest = expectedRoot.flatMap({ Digest(hex: $0.lowercased()) }) else { return }
    let seen = try storing { try outbox.checkpoints().map(\.checkpoint) }
    guard let checkpoint = seen.first(where: { $0.size > 0 && $0.root == digest }) else { return }
    throw ClientError(
      .badInput,
      "This is the tree hash of the checkpoint with \(checkpoint.size) entries, not the fingerprint of the tenant's root key.",
      remedy: "Give the root key's fingerprint, as your admin told it; \"countersign status\" shows the one pinned here.")
  }

  /// Fetches the whole ledger, checks every signature and proof, replays the rules, and compares what this device was given with
  /// what comes of it. For admins.
  public func auditFull(
    expectedRoot: String? = nil, progress: (@Sendable (SyncProgress) -> Void)? = nil
  ) async throws(ClientError) -> AuditReport {
    try requireNoTreeHash(expectedRoot)
    // Said before anything is done. Where the member is not known yet, the server says it.
    if let member = try heldMember(openIdentity.member), !member.roles.contains(.admin) { throw .ledgerNotPermitted }
    var replay = try await replayOfWholeLedger(progress)
    var differences = try self.differences(from: replay)
    for _ in 1..<Self.auditAttempts where replay.lacksTexts || !differences.isEmpty {
      replay = try await replayOfWholeLedger(progress)
      // By place, whatever it held before: a server that shows another lie each time is found, too.
      let before = differences
      differences = try self.differences(from: replay).filter { before[$0.key] != nil }
    }
    var report = try audit(expectedRoot: expectedRoot)
    let full = replay.finish(differences).report(size: replay.checkpoint.size, root: replay.checkpoint.root.hex)
    report.ok = report.ok && full.ok
    report.entriesChecked = full.entriesChecked
    report.erased = full.erased
    report.signaturesChecked += full.signaturesChecked
    report.problems += full.problems
    // The server was just asked for everything that was missing.
    if report.awaitingProof > 0 {
      report.ok = false
      report.problems.append("The server gave no evidence for \(report.awaitingProof) decisions and revisions held here.")
    }
    return report
  }

  /// Where somebody erases or changes something while the ledger is fetched, it is fetched again.
  private static let auditAttempts = 3

  /// What this device holds and the replayed ledger does not make, or the other way round.
  func differences(from replay: LedgerReplay) throws(ClientError) -> [BasePlace: BaseDifference] {
    let cache = try openedCache()
    return try storing { try replay.differences(in: cache, of: openIdentity.member) }
  }

  func replayOfWholeLedger(
    _ progress: (@Sendable (SyncProgress) -> Void)?
  ) async throws(ClientError) -> LedgerReplay {
    let entries = try await wholeLedger(progress)
    let identity = openIdentity
    // A newer checkpoint may have come while the ledger did.
    let seen = try storing { try outbox.checkpoints().map(\.checkpoint) }
    let checkpoint = seen.last { $0.size == UInt64(entries.count) } ?? seen.last ?? SeenCheckpoint()
    var replay = LedgerReplay(tenant: identity.tenant, serverKey: try identity.serverKey(), checkpoint: checkpoint)
    for entry in entries { replay.add(entry) }
    return replay
  }

  /// Every entry of the ledger, fetched and proved.
  ///
  /// - Throws: `notPermitted` if the server does not give it to this member.
  private func wholeLedger(_ progress: (@Sendable (SyncProgress) -> Void)?) async throws(ClientError) -> [ProvedEntry] {
    guard let lock = try takeLock() else {
      throw ClientError(.cacheInUse, "Another process syncs this profile.", remedy: "Stop it, then try again.")
    }
    defer { release(lock) }
    let collected = Mutex<[ProvedEntry]>([])
    let tally = SyncTally()
    let run = SyncRun(profile: self, isOnce: true, wantsLedger: true) { news in
      switch news {
      case .progress(let session):
        let told = tally.note(session)
        progress?(told)
      // Each session begins with the first entry again.
      case .opened: collected.withLock { $0 = [] }
      case .ledger(let entries): collected.withLock { $0 += entries }
      default: break
      }
    }
    try await run.once()
    if tally.last.isLedgerRefused { throw .ledgerNotPermitted }
    return collected.withLock { $0 }
  }
}

extension ClientError {
  static var ledgerNotPermitted: ClientError {
    ClientError(
      .notPermitted, "Only an admin may fetch the whole ledger.",
      remedy: "Without --full, what this device holds is checked. If you have just become an admin, sync first.")
  }
}
