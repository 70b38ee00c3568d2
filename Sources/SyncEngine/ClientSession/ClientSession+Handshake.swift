// The handshake: both sides sign the same transcript, and the server's log must continue what this device has seen.
import ReviewModel
import Storage
import SyncProtocol
import Trust

extension ClientSession {
  mutating func connected(nonce: Digest, certificate: Digest?) {
    guard case .beforeHello = phase else { return stop(.protocolViolation, "The pipe opened twice.") }
    let hello = Hello(
      minimumVersion: start.versions.lowerBound, maximumVersion: start.versions.upperBound, tenant: start.identity.tenant,
      device: start.identity.device, nonce: nonce, seen: start.checkpoint, clockMilliseconds: now,
      agent: start.identity.agent)
    phase = .awaitingChallenge(hello, certificate: certificate)
    order(.sendFrame(.hello(hello)))
    order(.setTimer(.handshake, milliseconds: Self.handshakeMilliseconds))
  }

  mutating func challenged(_ challenge: Challenge, hello: Hello, certificate: Digest?) {
    guard challenge.serverKey == start.identity.serverKey else { return stop(.notTheServer) }
    guard start.versions.contains(challenge.chosenVersion) else { return stop(.versionUnsupported) }
    var transcript = SessionTranscript()
    transcript.clientNonce = hello.nonce
    transcript.serverNonce = challenge.nonce
    transcript.minimumVersion = hello.minimumVersion
    transcript.maximumVersion = hello.maximumVersion
    transcript.chosenVersion = challenge.chosenVersion
    transcript.tenant = hello.tenant
    transcript.device = hello.device
    transcript.serverKey = challenge.serverKey
    transcript.tlsCertificateDigest = certificate
    let bytes = transcript.encoded()
    // A certificate in the middle makes another transcript, so its server's signature does not hold here.
    guard start.identity.serverKey.isValid(challenge.signature, over: bytes, as: .serverChallenge) else {
      return stop(.notTheServer)
    }
    phase = .awaitingWelcome(nonce: challenge.nonce)
    let signature = start.identity.key.sign(bytes, as: .sessionProof)
    // The server's own word for what this device has seen: one that was restored from an old copy learns of it.
    order(.sendFrame(.prove(Prove(signature: signature, seenNote: start.note))))
  }

  mutating func welcomed(_ welcome: Welcome) {
    let verdict = judge.judge(
      note: welcome.checkpointNote, origin: welcome.origin, after: checkpoint, consistency: welcome.consistency)
    guard case .success(let seen) = verdict else {
      if case .failure(let rejection) = verdict { stop(rejection.stop) }
      return
    }
    guard lanesAgree(welcome.lanes) else { return }
    var welcome = welcome
    welcome.limits = Self.bounded(welcome.limits)
    phase = .open(welcome)
    progress.isOpen = true
    window.open(limits: welcome.limits)
    order(.cancelTimer(.handshake))
    order(.opened(welcome))
    keep(seen, note: welcome.checkpointNote)
    if welcome.rulesVersion > 0 { order(.offerAgain(refusedBelowRules: welcome.rulesVersion)) }
    setHeartbeat()
    setSilence()
    for entry in welcome.scopes { heads[entry.scope] = entry.head }
    order(.grant(welcome.scopes.map(\.scope).filter(\.isGrantable)))
  }

  /// Limits under which the session cannot stand still: with none unanswered nothing would ever be sent, and no timer set.
  private static func bounded(_ limits: SessionLimits) -> SessionLimits {
    var limits = limits
    limits.unansweredMutations = max(1, limits.unansweredMutations)
    limits.heartbeatSeconds = min(max(1, limits.heartbeatSeconds), heartbeatSecondsLimit)
    return limits
  }

  mutating func keep(_ seen: SeenCheckpoint, note: String) {
    guard seen != checkpoint else { return }
    checkpoint = seen
    order(.keepCheckpoint(SeenNote(checkpoint: seen, note: note, seenMilliseconds: now)))
  }

  private mutating func lanesAgree(_ states: [LaneState]) -> Bool {
    // First, because positions are read from them.
    if stopIfDamaged(PushWindow.lanes.flatMap { start.offered[$0] ?? [] }) { return false }
    for lane in PushWindow.lanes {
      let offered = start.offered[lane] ?? []
      let given = start.lanes[lane] ?? LanePosition(number: 0, hash: .zero)
      let server = states.first { $0.lane == lane } ?? LaneState(lane: lane, lastNumber: 0, lastHash: .zero)
      let quarantined = start.quarantined[lane] ?? []
      switch LaneComparison.compare(given: given, offered: offered, quarantined: quarantined, server: server) {
      case .agrees: continue
      case .interrupted: stop(.damagedEnvelope)
      case .forked: stop(.forked)
      case .serverBehind: stop(.rolledBack)
      }
      return false
    }
    return true
  }

  /// Ends the session if own envelopes do not hold any more: the lane cannot go on with them. What somebody said and is whole is
  /// signed again under a new identity; the rest is put aside.
  mutating func stopIfDamaged(_ rows: [OutboxRow]) -> Bool {
    let damaged = rows.filter { !EnvelopeSigning.isIntact($0, key: start.identity.key.publicKey) }
    guard !damaged.isEmpty else { return false }
    for row in damaged where row.mutation.checksum == nil || !row.mutation.isWhole {
      order(.quarantine(row: row.row, reason: SessionStores.damagedReason))
    }
    stop(.damagedEnvelope)
    return true
  }
}
