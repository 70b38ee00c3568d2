// What an enrolment begins with: the pieces that are fixed before the first byte is sent, and kept for a repetition.
import ReviewModel
import SyncProtocol
import Trust

struct EnrolmentStart {
  let invitation: InvitationCode
  let deviceName: String
  let profile: String
  let url: String
  let passphrase: String?

  /// The identity that was begun before with this invitation, or a new one; it is on disk when this returns. What was begun
  /// with another invitation and never finished gives way.
  func begun(
    vault: IdentityVault, paths: ProfilePaths, environment: ClientEnvironment
  ) throws(ClientError) -> OpenIdentity {
    guard let invite = SigningKey(seed: invitation.seed) else {
      throw ClientError(.badInput, "The invitation code is damaged.", remedy: "Copy it again.")
    }
    let inviteKey = Hex.encode(invite.publicKey.bytes)
    if let file = try vault.read() {
      if file.tenant == invitation.tenant.hex, file.beginning.inviteKey == inviteKey {
        return try resumed(file, vault: vault, environment: environment)
      }
      guard !file.isComplete else {
        throw ClientError(
          .badInput, "The profile \"\(profile)\" is already in use.", remedy: "Choose another name for the new profile.")
      }
      // It may hold a checkpoint of the other tenant. It goes first: with the old identity an empty one is as good.
      try storing { for path in paths.outboxFiles { try environment.files.remove(path) } }
    }
    guard !deviceName.isEmpty, deviceName.utf8.count <= EnrolmentExchange.deviceNameLimit else {
      throw ClientError(
        .badInput, "A device needs a name of at most 200 bytes.", remedy: "Give it a name, or a shorter one, by --device.")
    }
    let identity = try new(inviteKey: inviteKey, vault: vault, environment: environment)
    try vault.write(identity)
    return identity
  }

  /// The same keys again, at the address that is given now.
  private func resumed(
    _ file: IdentityFile, vault: IdentityVault, environment: ClientEnvironment
  ) throws(ClientError) -> OpenIdentity {
    var identity = try vault.open(file, passphrase: passphrase.map { words in { words } })
    identity.file.url = url
    // Whoever asks for a seal only now gets it, too.
    if let passphrase, identity.seal == nil {
      identity.seal = try vault.seal(
        passphrase: passphrase, salt: environment.randomBytes(PassphraseKey.saltByteCount))
    }
    return identity
  }

  private func new(
    inviteKey: String, vault: IdentityVault, environment: ClientEnvironment
  ) throws(ClientError) -> OpenIdentity {
    let file = IdentityFile(
      profile: profile, tenant: invitation.tenant.hex, tenantName: invitation.tenantName, deviceName: deviceName, url: url,
      serverKey: Hex.encode(invitation.serverKey.bytes), rootFingerprint: invitation.rootFingerprint?.hex,
      beginning: Self.beginning(inviteKey: inviteKey, environment: environment))
    let secrets = IdentityFile.Secrets(
      deviceSeed: Hex.encode(environment.randomBytes(SigningKey.seedByteCount)),
      recoverySeed: Hex.encode(environment.randomBytes(SigningKey.seedByteCount)))
    let salt = environment.randomBytes(PassphraseKey.saltByteCount)
    var seal: OpenIdentity.Seal?
    if let passphrase { seal = try vault.seal(passphrase: passphrase, salt: salt) }
    return OpenIdentity(file: file, secrets: secrets, seal: seal)
  }

  static func beginning(inviteKey: String, environment: ClientEnvironment) -> IdentityFile.Beginning {
    IdentityFile.Beginning(
      mutation: Hex.encode(environment.randomBytes(MutationID.byteCount)),
      nameSalt: Hex.encode(environment.randomBytes(Part.saltByteCount)),
      clockMilliseconds: environment.nowMilliseconds(), inviteKey: inviteKey,
      rootMutation: Hex.encode(environment.randomBytes(MutationID.byteCount)))
  }

  /// The enrolment's envelope with the device's key.
  func envelope(
    _ identity: OpenIdentity, environment: ClientEnvironment, address: ServerAddress
  ) throws(ClientError) -> (PushedEnvelope, SigningKey) {
    let key = try identity.deviceKey()
    guard let invite = SigningKey(seed: invitation.seed) else { throw .damagedIdentity }
    let name = try Self.name(identity.file.deviceName, beginning: identity.file.beginning)
    var vouching = InvitationVouching()
    vouching.tenant = invitation.tenant
    vouching.inviteKey = invite.publicKey
    vouching.deviceKey = key.publicKey
    var body = EnrolDevice()
    body.publicKey = key.publicKey
    body.name = name.digest
    body.inviteKey = invite.publicKey
    body.inviteSignature = invite.sign(vouching.encoded(), as: .invitation)
    let exchange = EnrolmentExchange(
      environment: environment, address: address, tenant: invitation.tenant, serverKey: invitation.serverKey)
    return (exchange.envelope(body, name: name, beginning: identity.file.beginning, key: key), key)
  }

  static func name(_ text: String, beginning: IdentityFile.Beginning) throws(ClientError) -> Part {
    guard let salt = Hex.decode(beginning.nameSalt), salt.count == Part.saltByteCount else { throw .damagedIdentity }
    return Part.text(text, kind: .name, salt: salt)
  }

  /// The root that the server names, or the one that this device is to become.
  func root(
    _ response: EnrolResponse, key: SigningKey, recoveryKey: SigningKey?
  ) throws(ClientError) -> (fingerprint: Digest?, naming: NameRoot?) {
    let wrong = ClientError(
      .refusedByServer, "The server names another root than the invitation does.",
      remedy: "Do not go on; compare the root's fingerprint with your admin.")
    if let expected = invitation.rootFingerprint {
      guard response.root?.fingerprint == expected else { throw wrong }
      return (expected, nil)
    }
    // A repeated enrolment of the root's own device finds the root named by it.
    if let root = response.root, root.rootKey != key.publicKey { return (root.fingerprint, nil) }
    guard let recoveryKey else { return (response.root?.fingerprint, nil) }
    var naming = RootNaming()
    naming.tenant = invitation.tenant
    naming.rootKey = key.publicKey
    naming.recoveryKey = recoveryKey.publicKey
    if let root = response.root { return (root.fingerprint, nil) }
    guard let signature = response.proposedRootSignature else { return (nil, nil) }
    guard invitation.serverKey.isValid(signature, over: naming.encoded(), as: .rootNaming) else { throw wrong }
    var body = NameRoot()
    body.root = naming
    body.serverSignature = signature
    return (naming.fingerprint, body)
  }
}
