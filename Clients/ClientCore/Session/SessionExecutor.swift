// A session's orders on a profile: the stores do the work; here is what people and other processes are told of it.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Synchronization
import Trust

final class SessionExecutor: Sendable {
  let profile: Profile
  let start: SessionStart
  let timers = SessionTimers()
  private let cache: any CacheStore
  private let news: @Sendable (SessionNews) -> Void
  private let stores: Mutex<SessionStores>
  /// Who asked last how things stand, as far as this session knows.
  private let asked: Mutex<String?>

  init(profile: Profile, isOnce: Bool, wantsLedger: Bool, news: @escaping @Sendable (SessionNews) -> Void) throws(ClientError) {
    let identity = profile.openIdentity
    let client = ClientIdentity(
      tenant: identity.tenant, key: try identity.deviceKey(), serverKey: try identity.serverKey(),
      agent: profile.environment.agent)
    self.profile = profile
    self.news = news
    let cache = try profile.openedCache()
    self.cache = cache
    // Whoever asked before is answered by the session's beginning.
    asked = Mutex(try storing { try cache.setting(Profile.askedSetting) })
    let outbox = profile.outbox
    start = try storing {
      try SessionStart(
        identity: client, isOnce: isOnce, wantsLedger: wantsLedger,
        versions: ProtocolVersion.minimum...ProtocolVersion.current, outbox: outbox)
    }
    stores = Mutex(SessionStores(keeper: try profile.keeper(), start: start))
  }

  func nonce() -> Digest { Digest(profile.environment.randomBytes(Digest.byteCount)) ?? .zero }

  /// Does what is ordered, and answers what the machine wants to know.
  func execute(_ order: ClientSessionOrder) throws -> [ClientSessionEvent] {
    let now = profile.environment.nowMilliseconds()
    let answered = try rows(answeredBy: order)
    let events = try stores.withLock { try $0.execute(order, nowMilliseconds: now) }
    switch order {
    case .opened(let welcome): try opened(welcome, now: now)
    case .prune: try cache.set(Profile.lastSyncedSetting, to: String(now))
    case .record: news(.answered(answered))
    case .showLedger(let entries): news(.ledger(entries))
    default: break
    }
    return events
  }

  /// The mutations that are about to be answered.
  private func rows(answeredBy order: ClientSessionOrder) throws(StorageError) -> [MutationID] {
    guard case .record(let answers) = order else { return [] }
    var rows: [MutationID] = []
    for lane in Set(answers.map(\.lane)).sorted() {
      let numbers = Set(answers.filter { $0.lane == lane }.map(\.number))
      rows += try profile.outbox.offered(lane: lane).filter { $0.number.map(numbers.contains) ?? false }.map(
        \.mutation.mutationID)
    }
    return rows
  }

  /// After an event and all that followed: the view, if it is to be refreshed and its turn has come.
  ///
  /// - Returns: after how long to ask again, nil if nobody need ask, or somebody has promised to.
  func rest(isLast: Bool) throws -> UInt64? {
    let uptime = profile.environment.uptimeMilliseconds
    switch try stores.withLock({ try $0.rest(isLast: isLast, uptime: uptime) }) {
    case .nothing: return nil
    case .askAgain(let milliseconds): return milliseconds
    case .refreshed(let subjects):
      guard !subjects.isEmpty else { return nil }
      profile.observers.changed(subjects)
      news(.changed(subjects))
      return nil
    }
  }

  /// The time that `rest` asked for is over.
  func promiseKept() { stores.withLock { $0.promiseKept() } }

  /// Whether a process that waits for this one has asked, since the last look, how things stand.
  func isAskedAnew() throws -> Bool {
    let now = try cache.setting(Profile.askedSetting)
    return asked.withLock { asked in
      defer { asked = now }
      return now != asked
    }
  }

  /// Remembers how the session ended, for `status`.
  func note(_ end: SessionEnd?) {
    switch end {
    case .stopped(let stop, let detail):
      // What status says is not worth failing a session that has ended.
      try? cache.set(Profile.stopSetting, to: detail.isEmpty ? stop.sentence : stop.sentence + " (" + detail + ")")
      // As above.
      try? cache.set(Profile.stopCodeSetting, to: stop.rawValue)
    case .finished, .retry, nil: break
    }
  }

  private func opened(_ welcome: Welcome, now: UInt64) throws {
    let skew = Int64(clamping: now) - Int64(clamping: welcome.serverMilliseconds)
    try cache.set(Profile.epochSetting, to: welcome.epoch.hex)
    try cache.set(Profile.clockSkewSetting, to: String(skew))
    try cache.set(Profile.stopSetting, to: nil)
    try cache.set(Profile.stopCodeSetting, to: nil)
    try cache.set(Profile.failedTrySetting, to: nil)
    news(.opened)
  }
}
