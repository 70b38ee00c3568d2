// A device of a run: its files, its process, and what the shells of the real client do with the machine's orders. A killed
// process loses everything but its files.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Trust

/// The process died in the middle of something; nothing after it happens.
struct DeviceDied: Error {}

final class SimulatedDevice {
  /// The machine, which cannot be copied, in a place that can be let go of.
  final class SessionBox {
    var machine: ClientSession

    init(_ start: SessionStart) { machine = ClientSession(start) }
  }

  enum Standing: Hashable {
    case current
    /// Nothing happens until a person does something, and nobody will.
    case stopped(SessionStop)
  }

  /// What is kept in the identity file: durable.
  struct Identity {
    var member: MemberID
    var key: SigningKey
    /// The devices that vouched for this one, and those that vouched for them.
    var lineage: Set<Digest>
    var successor: Successor?
  }

  /// An enrolment that has begun; repeated with the same bytes until it succeeds.
  struct Successor {
    var key: SigningKey
    var mutation: MutationID
    var salt: [UInt8]
    var clock: HybridClock
  }

  let name: String
  let context: SimulationContext
  let random: SeededRandom
  let network: SimulatedNetwork
  let server: SimulatedServer
  let condition = NetworkCondition()

  // Files.
  var identity: Identity
  var files: any DeviceFiles

  // The process.
  private(set) var life = 0
  private(set) var isAwake = false
  var session: SessionBox?
  var link: SimulatedLink?
  var timers: [SessionTimer: Int] = [:]
  var timerGeneration = 0
  var pacing = WatchPacing()
  var tryBegan: UInt64 = 0
  /// Whether something is scheduled that brings the next session, and by when it must have come.
  var isComing = false
  var comesBy: UInt64 = 0
  /// What the session's orders do to the files.
  var stores: SessionStores?
  var clock = HybridClock()
  var standing = Standing.current
  var renewalsInARow = 0
  /// Answers to earlier attempts count no more.
  var renewalAttempt = 0

  // Trouble.
  /// Orders until the process is killed.
  var ordersUntilKill: Int?
  var isDiskFull = false {
    didSet { if isDiskFull != oldValue { files.fillDisk(isDiskFull) } }
  }
  let disk: DiskTrouble
  var clockTrouble = ClockTrouble()
  /// What this program speaks.
  var versions = SimulatedVersions.common
  var habits = DeviceHabits()
  /// How long this machine takes to bring a view up to date, at most.
  let slowestRefreshMilliseconds: UInt64
  /// Timers take this share of their time.
  var timerPermille: UInt64 = 1_000
  /// The next page loses a row on its way into the cache.
  var losesRow = false
  /// The session ends by itself when everything is done, like that of a single sync.
  var isOnce = false
  /// Nobody wakes the process after a change.
  var losesPokes = false

  init(
    name: String, identity: Identity, context: SimulationContext, network: SimulatedNetwork, server: SimulatedServer,
    files: any DeviceFiles
  ) {
    self.name = name
    self.identity = identity
    self.context = context
    self.network = network
    self.server = server
    self.files = files
    random = context.random.fork()
    disk = DiskTrouble(random: random.fork())
    slowestRefreshMilliseconds = random.chance(permille: 300) ? random.between(1, 500) : 0
  }

  var id: Digest { identity.key.publicKey.fingerprint }

  var wallMilliseconds: UInt64 {
    clockTrouble.wallMilliseconds(at: context.now)
  }

  var actor: ReplayActor { ReplayActor(tenant: context.tenant, member: identity.member, device: id) }

  var outbox: any OutboxStore {
    get throws(StorageError) {
      let store = try files.outbox()
      guard !files.damage.isEmpty else { return store }
      return DamagedOutbox(store, damage: files.damage, isTrusted: context.has(.skipChecksums))
    }
  }
  var cache: any CacheStore { get throws(StorageError) { try files.cache() } }

  var keeper: ViewKeeper {
    get throws(StorageError) { ViewKeeper(cache: try cache, outbox: try outbox, actor: actor) }
  }

  /// Whether the session has something that the view does not show yet.
  var needsRefresh: Bool { stores?.needsRefresh ?? false }

  /// Whether anything will happen by itself.
  var hasSomethingToCome: Bool { session == nil ? isComing && context.now <= comesBy : !timers.isEmpty }

  var isMuted: Bool { context.now < habits.mutedUntil }

  /// Awake, not stopped for good, and nothing will ever happen: the state that must not be.
  var waitsForNothing: Bool { isAwake && standing == .current && !hasSomethingToCome }

  func note(_ what: @autoclosure () -> String) { context.note(name, what()) }

  /// Something of this life of the process, later. A process that dies on the way leaves it at that.
  func after(_ milliseconds: UInt64, _ action: @escaping Timeline.Action) {
    let life = life
    context.after(milliseconds) {
      guard self.life == life else { return }
      try self.unlessDead(action)
    }
  }

  func unlessDead(_ action: Timeline.Action) throws {
    do {
      try action()
      if files.isStopped { throw DeviceDied() }
    } catch is DeviceDied {
      die()
    } catch let error as StorageError {
      if files.isStopped { return die() }
      try failed(error)
    }
  }

  private func die() {
    note("is killed")
    lose(files.suddenEnd)
    plantedAfterDeath()
    restart(after: random.between(200, 60_000))
  }

  /// The program ends with an error; somebody starts it again.
  private func failed(_ error: StorageError) throws {
    note("stops: \(error.code)")
    // Commits of the cache are not synced one by one. What a failed sync makes of it is thrown away, as the client does.
    if error.code == .damaged, error.sentence.contains("cache"), files.disk?.hasFailedSync == true { return deleteCache() }
    guard files.explains(error) || disk.explains(error) else { throw Violation(.storeFailed, "\(name): \(error.sentence)") }
    lose(.orderly)
    restart(after: random.between(10_000, 120_000))
  }

  // MARK: Life and death

  /// Starts the process that syncs; while everybody is away only if it is meant.
  func wake(whileAway: Bool = false) {
    guard !isAwake, standing == .current else { return }
    guard whileAway || context.now >= context.awayUntil else {
      return context.after(context.awayUntil - context.now) { self.wake() }
    }
    isAwake = true
    note("wakes")
    come(after: random.between(0, 500))
  }

  /// The process ends; changes are still made by others that only append.
  func doze() {
    guard isAwake else { return }
    note("sleeps")
    lose(.orderly)
  }

  func kill() {
    guard isAwake else { return }
    note("is killed")
    lose(files.suddenEnd)
    plantedAfterDeath()
    restart(after: random.between(200, 120_000))
  }

  func restart(after milliseconds: UInt64) {
    let life = life
    isComing = true
    context.after(milliseconds) { if self.life == life { self.wake() } }
  }

  /// Everything that is only in memory is gone.
  private func lose(_ end: ProcessEnd) {
    files.end(end)
    life += 1
    isAwake = false
    isComing = false
    link?.abandon(.up)
    link = nil
    session = nil
    stores = nil
    timers = [:]
    pacing = WatchPacing()
    ordersUntilKill = nil
  }

  /// Goes on with other files, as after a restored backup.
  func replaceFiles(identity: Identity, files: any DeviceFiles) {
    lose(.killed)
    self.identity = identity
    self.files = files
    clock = HybridClock()
    restart(after: random.between(1_000, 60_000))
  }

  /// The cache is thrown away: everything in it is on the server, too.
  func deleteCache() {
    note("loses its cache")
    lose(.orderly)
    files.deleteCache()
    restart(after: random.between(200, 10_000))
  }
}
