// One enrolled identity with its outbox and cache: what every front end works with. The families of what it can do
// stand in the files Profile+….swift of the folders beside this one.
import ReviewModel
import Storage
import SyncEngine
import Synchronization
import Trust

/// Where a profile's files are.
struct ProfilePaths: Sendable {
  let directory: String

  init(_ directory: String) { self.directory = directory }

  var identity: String { directory + "/identity" }
  /// Held by whoever writes the identity, for as long as that takes. `lock` will not do: a live session holds it for days.
  var identityLock: String { directory + "/identity.lock" }
  var outbox: String { directory + "/outbox.sqlite" }
  /// With what the store keeps beside it.
  var outboxFiles: [String] { [outbox, outbox + "-wal", outbox + "-shm"] }
  var cache: String { directory + "/cache.sqlite" }
  var lock: String { directory + "/lock" }
  var poke: String { directory + "/poke" }
  /// Held by a process that runs the live session, between its tries too.
  var watch: String { directory + "/watch" }
}

/// One enrolled identity of one member in one tenant, with its outbox and cache.
public final class Profile: Sendable {
  struct State: Sendable {
    var identity: OpenIdentity
    var cache: (any CacheStore)?
    /// Which file the cache was, when it was opened.
    var cacheFile: FileIdentity?
    var clock = HybridClock()
    /// By the clock that only goes forward: the server asked to be left alone until then.
    var askedUntil: UInt64 = 0
    /// The lock while this process syncs.
    var isSyncing = false
  }

  let environment: ClientEnvironment
  let name: String
  let paths: ProfilePaths
  let outbox: any OutboxStore
  let state: Mutex<State>
  let observers = ChangeObservers()

  private init(
    environment: ClientEnvironment, name: String, paths: ProfilePaths, outbox: any OutboxStore, identity: OpenIdentity
  ) {
    self.environment = environment
    self.name = name
    self.paths = paths
    self.outbox = outbox
    state = Mutex(State(identity: identity))
  }

  /// Reads the identity and opens the outbox. The cache opens on first use; a damaged one is thrown away and made anew.
  ///
  /// - Parameters:
  ///   - directory: the profile's own directory.
  ///   - name: the profile's name, for reports.
  ///   - passphrase: asked for once, if the identity is sealed.
  public static func open(
    at directory: String, name: String, environment: ClientEnvironment, passphrase: (() throws -> String)? = nil
  ) throws(ClientError) -> Profile {
    let paths = ProfilePaths(directory)
    let vault = IdentityVault(files: environment.files, path: paths.identity)
    guard let file = try vault.read(), file.isComplete else {
      throw ClientError(
        .notEnrolled, "The profile \"\(name)\" is not enrolled on this device.", remedy: "Enrol it with an invitation code.")
    }
    let identity = try vault.open(file, passphrase: passphrase)
    let outbox = try storing { try environment.openOutbox(paths.outbox) }
    return Profile(environment: environment, name: name, paths: paths, outbox: outbox, identity: identity)
  }

  /// Who this device is.
  public var identity: ProfileIdentity {
    let identity = openIdentity
    let memberName = (try? heldMember(identity.member)?.name) ?? nil  // without a cache the name is not known yet
    return ProfileIdentity(
      profile: name, tenantID: identity.file.tenant, tenantName: identity.file.tenantName, memberID: identity.file.member,
      memberName: memberName ?? "", deviceID: deviceID.hex, deviceName: identity.file.deviceName,
      serverURL: identity.file.url, serverKey: identity.file.serverKey, rootFingerprint: identity.file.rootFingerprint)
  }

  /// Notes that the server has moved to another address; its key stays pinned. The other processes of this profile go there
  /// with their next session.
  public func setURL(_ url: String) throws(ClientError) {
    let base = try ServerAddress(url).base
    let isElsewhere = openIdentity.file.url != base
    try changeIdentity { $0.file.url = base }
    if isElsewhere { forgetTries() }
  }

  /// What went wrong at the former address says nothing about this one.
  private func forgetTries() {
    for setting in [Self.failedTrySetting, Self.stopSetting, Self.stopCodeSetting] {
      // Where this cannot be written, the next try writes over it, or fails in the same way and says so.
      try? openedCache().set(setting, to: nil)
    }
  }

  /// Closes the stores. The profile must not be used afterwards.
  public func close() {
    let cache = state.withLock { state in
      defer { state.cache = nil }
      return state.cache
    }
    // Whatever was written is durable already; a failing close loses nothing.
    try? cache?.close()
    // As above.
    try? outbox.close()
  }

  // MARK: Inside

  var openIdentity: OpenIdentity { state.withLock { $0.identity } }

  /// The id of the device's key; zero only for a file that was changed by hand, which no session survives.
  var deviceID: Digest { (try? openIdentity.deviceKey().publicKey.fingerprint) ?? .zero }

  var actor: ReplayActor {
    let identity = openIdentity
    return ReplayActor(tenant: identity.tenant, member: identity.member, device: deviceID)
  }

  private var vault: IdentityVault { IdentityVault(files: environment.files, path: paths.identity) }

  /// Changes the identity as it is on the disk now: another process may have written it since this one has read it.
  func changeIdentity(_ change: (inout OpenIdentity) -> Void) throws(ClientError) {
    let lock = try storing { try environment.files.lock(paths.identityLock) }
    defer { lock.unlock() }
    try reloadIdentity()
    var identity = openIdentity
    change(&identity)
    try vault.write(identity)
    let changed = identity
    state.withLock { $0.identity = changed }
  }

  /// Takes over what another process has changed of the identity (a new device key, another address).
  func reloadIdentity() throws(ClientError) {
    guard let file = try vault.read(), file.isComplete else { throw .damagedIdentity }
    let identity = try vault.reopened(file, with: openIdentity.seal)
    state.withLock { $0.identity = identity }
  }
}
