// Hello to Welcome: both sides sign one transcript. Until the device has proved itself, nothing that is said depends on
// whether the tenant or the device exists.
import ReviewModel
import Storage
import SyncProtocol
import Trust

extension ServerSession {
  mutating func begin(_ hello: Hello) {
    let versions = configuration.versions
    let peer = (minimum: hello.minimumVersion, maximum: hello.maximumVersion)
    guard let version = ProtocolVersion.chosen(minimum: peer.minimum, maximum: peer.maximum, of: versions) else {
      return end(
        .versionUnsupported,
        detail: "This server speaks versions \(versions.lowerBound) to \(versions.upperBound); update the older side.")
    }
    phase = .identifying(hello, version: version)
    orders.append(.identify(tenant: hello.tenant, device: hello.device))
  }

  mutating func challenge(_ identity: SessionIdentity?) {
    guard case .identifying(let hello, let version) = phase else { return }
    var transcript = SessionTranscript()
    transcript.clientNonce = hello.nonce
    transcript.serverNonce = configuration.nonce
    transcript.minimumVersion = hello.minimumVersion
    transcript.maximumVersion = hello.maximumVersion
    transcript.chosenVersion = version
    transcript.tenant = hello.tenant
    transcript.device = hello.device
    transcript.serverKey = configuration.signingKey.publicKey
    transcript.tlsCertificateDigest = configuration.tlsCertificateDigest
    let signature = configuration.signingKey.sign(transcript.encoded(), as: .serverChallenge)
    orders.append(
      .send(
        .challenge(
          Challenge(
            nonce: configuration.nonce, chosenVersion: version, serverKey: configuration.signingKey.publicKey,
            signature: signature))))
    phase = .awaitingProof(hello, transcript, identity)
  }

  mutating func check(_ proof: Prove, _ transcript: SessionTranscript, _ identity: SessionIdentity?) {
    guard case .awaitingProof(let hello, _, _) = phase, let identity,
      identity.device.publicKey.isValid(proof.signature, over: transcript.encoded(), as: .sessionProof)
    else { return endUnauthorized() }
    guard !identity.device.isRevoked else {
      return end(.deviceRevoked, detail: "This device was revoked by an admin.")
    }
    guard !identity.member.isRemoved else { return endUnauthorized() }
    phase = .opening(identity, ShownNote(seen: hello.seen, note: proof.seenNote))
    orders.append(.open(identity, seen: hello.seen))
    toldSize = hello.seen.origin == identity.origin ? hello.seen.size : 0
  }

  mutating func welcome(_ opening: SessionOpening) {
    guard case .opening(var identity, let shown) = phase else { return }
    let checkpoint = opening.checkpoint
    guard toldSize <= checkpoint.size else {
      // Anybody can name a size and a root; only a note shows that this server has signed what it does not hold.
      if shown.isProved(to: configuration, origin: identity.origin) { orders.append(.stopWriting(shown: shown.seen)) }
      return end(
        .rolledBack, detail: "This server's ledger is shorter than one that the device has seen; its admin must restore it.")
    }
    guard !opening.access.device.isRevoked else {
      return end(.deviceRevoked, detail: "This device was revoked by an admin.")
    }
    identity.device = opening.access.device
    identity.member = opening.access.member
    self.identity = identity
    granted = Set(opening.access.scopes.keys)
    phase = .open
    toldSize = checkpoint.size
    lastHeartbeatMilliseconds = now
    orders.append(.send(.welcome(welcomeFrame(opening, identity))))
    if let access = accessWhileOpening {
      accessWhileOpening = nil
      apply(access)
    }
  }

  private func welcomeFrame(_ opening: SessionOpening, _ identity: SessionIdentity) -> Welcome {
    var frame = Welcome()
    frame.member = identity.member.id
    frame.epoch = identity.epoch
    frame.origin = identity.origin
    frame.durableThrough = opening.checkpoint.durableThrough
    frame.hasBackup = opening.checkpoint.hasBackup
    frame.lanes = opening.lanes
    frame.scopes = Self.named(Set(opening.access.scopes.keys)).map {
      ScopeHead(scope: $0, head: opening.access.scopes[$0] ?? 0)
    }
    frame.checkpointNote = note(opening.checkpoint)
    frame.consistency = opening.checkpoint.consistency
    frame.serverMilliseconds = opening.serverMilliseconds
    frame.rulesVersion = configuration.rulesVersion
    return frame
  }

  /// As many scopes as a frame may name, in their order. Without the tenant and its own member no device can do anything, so that
  /// of more it is campaigns that are left out.
  static func named(_ granted: Set<Scope>) -> [Scope] {
    let campaigns = granted.filter(\.isOfCampaign).sorted()
    let others = granted.filter { !$0.isOfCampaign }
    return (others + campaigns.prefix(max(0, WireLimits.scopesASession - others.count))).sorted()
  }

  /// The signed note of a checkpoint.
  func note(_ reading: CheckpointReading) -> String {
    Checkpoint(origin: identity?.origin ?? "", size: reading.size, root: reading.root)
      .signed(by: configuration.signingKey, name: configuration.serverName)
  }

  private mutating func endUnauthorized() {
    end(.unauthorized, detail: "This device may not open a session here; enrol it, or ask an admin of the tenant.")
  }
}
