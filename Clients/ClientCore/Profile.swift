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
    var clock = HybridClock()
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

  /// Notes that the server has moved to another address; its key stays pinned.
  public func setURL(_ url: String) throws(ClientError) {
    var identity = openIdentity
    identity.file.url = try ServerAddress(url).base
    try keep(identity)
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

  func keep(_ identity: OpenIdentity) throws(ClientError) {
    try IdentityVault(files: environment.files, path: paths.identity).write(identity)
    state.withLock { $0.identity = identity }
  }

  /// Takes over what another process has changed of the identity (a new device key, another address).
  func reloadIdentity() throws(ClientError) {
    let vault = IdentityVault(files: environment.files, path: paths.identity)
    guard let file = try vault.read(), file.isComplete else { throw .damagedIdentity }
    let current = openIdentity
    if let secrets = file.secrets {
      state.withLock { $0.identity = OpenIdentity(file: file, secrets: secrets, seal: nil) }
    } else if file.sealed != current.file.sealed, file.beginning != current.file.beginning {
      throw ClientError(
        .wrongPassphrase, "Another process has renewed this device's sealed identity.",
        remedy: "Start the command again, with the passphrase.")
    }
  }
}
