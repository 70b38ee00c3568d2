// Becoming a device: keys are made and kept first, so that an interrupted enrolment goes on with the same ones.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Trust

extension Profile {
  /// Makes keys, registers this device with the code's server and keeps the identity. Interrupted or refused, it is repeated
  /// with the same code and goes on where it stopped, or with another one and begins anew. The first sync is the caller's
  /// next step. A recovery key in the report is told again by every repetition, until `recoveryKeyWasShown`.
  public static func enrol(
    code: String, deviceName: String, at directory: String, name: String, environment: ClientEnvironment,
    passphrase: String?, replacingURL: String? = nil
  ) async throws(ClientError) -> EnrolmentReport {
    let invitation = try Self.invitation(code)
    let address = try ServerAddress(replacingURL ?? invitation.url)
    let paths = ProfilePaths(directory)
    let vault = IdentityVault(files: environment.files, path: paths.identity)
    try storing { try environment.files.makeDirectory(directory) }
    let lock = try lockForEnrolling(paths, vault, environment.files)
    defer { lock?.unlock() }
    let request = EnrolmentStart(
      invitation: invitation, deviceName: deviceName, profile: name, url: address.base, passphrase: passphrase)
    var identity = try request.begun(vault: vault, paths: paths, environment: environment)
    let outbox = try storing { try environment.openOutbox(paths.outbox) }
    defer { close(outbox) }
    if identity.file.isComplete {
      // Whoever was interrupted may not have read it; the tenant has no other copy.
      let unseen = identity.secrets.recoverySeed
      return report(identity, isRootNamedHere: unseen != nil, recoveryKey: unseen)
    }
    let (envelope, key) = try request.envelope(identity, environment: environment, address: address)
    let recoveryKey = invitation.rootFingerprint == nil ? try identity.secrets.recoverySeed.map(OpenIdentity.key) : nil
    let exchange = EnrolmentExchange(
      environment: environment, address: address, tenant: invitation.tenant, serverKey: invitation.serverKey)
    let answer = try await exchange.run(
      envelope, device: key.publicKey.fingerprint, recoveryKey: recoveryKey?.publicKey)
    let root = try request.root(answer.response, key: key, recoveryKey: recoveryKey)
    try storing {
      try outbox.renumber(afterEnrolment: envelope.envelope.hash)
      try outbox.append(
        checkpoint: SeenNote(
          checkpoint: answer.checkpoint, note: answer.response.checkpointNote,
          seenMilliseconds: environment.nowMilliseconds()))
      if let naming = root.naming { try Self.append(naming, identity: identity, to: outbox) }
    }
    identity.file.member = answer.response.member.hex
    identity.file.tenantName = answer.response.tenantName
    identity.file.rootFingerprint = root.fingerprint?.hex
    // A key that is nobody's recovery key is of no use.
    if root.naming == nil { identity.secrets.recoverySeed = nil }
    try vault.write(identity)
    return report(identity, isRootNamedHere: root.naming != nil, recoveryKey: identity.secrets.recoverySeed)
  }

  /// Takes the recovery key off this device: to be called when it stands before the person, and not earlier.
  public func recoveryKeyWasShown() throws(ClientError) {
    guard openIdentity.secrets.recoverySeed != nil else { return }
    try changeIdentity { $0.secrets.recoverySeed = nil }
  }

  /// Whether an enrolment was begun in this directory that no server has confirmed: a further one may take its place.
  public static func isEnrolmentUnfinished(
    at directory: String, environment: ClientEnvironment
  ) throws(ClientError) -> Bool {
    let file = try IdentityVault(files: environment.files, path: ProfilePaths(directory).identity).read()
    return file.map { !$0.isComplete } ?? false
  }

  /// Whether the identity in this directory was begun with this code, finished or not: enrolling again goes on with it.
  public static func isEnrolment(
    at directory: String, begunWith code: String, environment: ClientEnvironment
  ) throws(ClientError) -> Bool {
    guard let invitation = InvitationCode(text: code), let invite = SigningKey(seed: invitation.seed),
      let file = try IdentityVault(files: environment.files, path: ProfilePaths(directory).identity).read()
    else { return false }
    return file.tenant == invitation.tenant.hex && file.beginning.inviteKey == Hex.encode(invite.publicKey.bytes)
  }

  /// Two enrolments side by side would each make keys, and the invitation be spent on those that the other one has replaced.
  /// Nil beside a session of an identity that is finished: nothing is made for that.
  private static func lockForEnrolling(
    _ paths: ProfilePaths, _ vault: IdentityVault, _ files: any ProfileFiles
  ) throws(ClientError) -> (any ProfileLock)? {
    if let lock = try storing({ try files.tryLock(paths.lock) }) { return lock }
    if try vault.read()?.isComplete == true { return nil }
    throw ClientError(.cacheInUse, "Another process enrols this profile.", remedy: "Try again when that one has ended.")
  }

  private static func invitation(_ code: String) throws(ClientError) -> InvitationCode {
    guard let invitation = InvitationCode(text: code) else {
      throw ClientError(
        .badInput, "This is not a whole invitation code.", remedy: "Copy all of it, from cs1- to its end, and try again.")
    }
    return invitation
  }

  /// Queues the naming of the root. One that is there from an interrupted enrolment is the same.
  private static func append(_ naming: NameRoot, identity: OpenIdentity, to outbox: any OutboxStore) throws(StorageError) {
    let beginning = identity.file.beginning
    guard let id = MutationID(hex: beginning.rootMutation), try outbox.row(mutation: id) == nil else { return }
    let mutation = QueuedMutation(
      mutationID: id, lane: 1, body: Mutation.nameRoot(naming).encoded(), parts: [],
      clock: HybridClock(wallMilliseconds: beginning.clockMilliseconds, counter: 1),
      queuedMilliseconds: beginning.clockMilliseconds)
    _ = try outbox.append([mutation])
  }

  private static func close(_ outbox: any OutboxStore) {
    // Everything in it is durable already; a failing close loses nothing.
    try? outbox.close()
  }

  private static func report(_ identity: OpenIdentity, isRootNamedHere: Bool, recoveryKey: String?) -> EnrolmentReport {
    EnrolmentReport(
      profile: identity.file.profile, tenant: identity.file.tenantName, tenantID: identity.file.tenant, member: "",
      memberID: identity.file.member, roles: [],
      // A seed that was just used makes a key.
      device: (try? identity.deviceKey().publicKey.fingerprint.hex) ?? "",
      rootFingerprint: identity.file.rootFingerprint ?? "", isRootNamedHere: isRootNamedHere, recoveryKey: recoveryKey)
  }
}
