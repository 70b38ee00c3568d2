// One sync, or a live session with reconnects, under the profile's lock; and what to do when a session stops.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Transport
import Trust

struct SyncRun: Sendable {
  static let connectSeconds = 15
  static let attemptsLimit = 4
  static let renewalsLimit = 3
  /// A command does not sit out a longer wait that the server asks for; it says so and ends.
  static let patienceMilliseconds: UInt64 = 60_000

  let profile: Profile
  let isOnce: Bool
  var wantsLedger = false
  let news: @Sendable (SessionNews) -> Void

  /// Runs one session after the other until one is finished.
  ///
  /// - Throws: `unreachable` when connecting fails, `refusedByServer` when the server or its evidence forbids to go on.
  func once() async throws(ClientError) {
    var backoff = Backoff()
    var renewals = 0
    for attempt in 1...Self.attemptsLimit {
      switch try await session() {
      // Whoever appended something while the session ended may have woken nobody.
      case .finished: if try storing({ try profile.outbox.counts().queued == 0 }) { return }
      case .retry(let after, let reason):
        profile.noteAsked(forMilliseconds: after)
        guard attempt < Self.attemptsLimit, after <= Self.patienceMilliseconds else {
          throw ClientError(.unreachable, reason, remedy: "Try again later.")
        }
        try await wait(backoff.failed(serverAskedMilliseconds: after, randomness: randomness()))
      case .stopped(let stop, let detail):
        renewals += 1
        try await settle(stop, detail: detail, renewals: renewals)
      }
    }
    // Even with nothing left to send: no session has told what is new, or the last one left something queued.
    throw ClientError(.unreachable, "The session did not come to an end.", remedy: "Try again later.")
  }

  /// One session over a new connection.
  func session() async throws(ClientError) -> SessionEnd {
    try profile.reloadIdentity()
    let address = try ServerAddress(profile.openIdentity.file.url)
    let pipe: any FramePipe
    do {
      pipe = try await profile.environment.connect(address.session, Self.connectSeconds)
    } catch is CancellationError {
      throw ClientError(.cancelled, "It was cancelled.")
    } catch {
      throw ClientError(.unreachable, "The server at \(address.base) cannot be reached: \(error)", remedy: "Try again later.")
    }
    let shell = SessionShell(profile: profile, pipe: pipe, isOnce: isOnce, wantsLedger: wantsLedger, news: news)
    do {
      return try await shell.run()
    } catch let error where error.code == .damaged {
      // What is in the cache is on the server, too; the outbox is not touched.
      try profile.replaceCacheIfDamaged(error)
      return .retry(afterMilliseconds: 0, reason: error.sentence)
    }
  }

  /// A copied device, or one with a damaged envelope, goes on under a new identity; everything else is for a person.
  func settle(_ stop: SessionStop, detail: String, renewals: Int) async throws(ClientError) {
    switch stop {
    case .forked where renewals <= Self.renewalsLimit, .damagedEnvelope where renewals <= Self.renewalsLimit:
      try await profile.renewIdentity()
      try profile.noteRenewal()
    default:
      throw ClientError(
        .refusedByServer, stop.sentence, remedy: "", details: detail.isEmpty ? [stop.rawValue] : [stop.rawValue, detail])
    }
  }

  func wait(_ milliseconds: UInt64) async throws(ClientError) {
    do {
      try await profile.environment.sleep(milliseconds)
    } catch {
      throw ClientError(.cancelled, "It was cancelled.")
    }
  }

  func randomness() -> UInt64 { profile.environment.randomBytes(8).reduce(0) { $0 << 8 | UInt64($1) } }
}

extension Profile {
  static let renewalSetting = "renewed_ms"

  /// That this device goes on under a new identity, for status.
  func noteRenewal() throws(ClientError) {
    let cache = try openedCache()
    try storing { try cache.set(Self.renewalSetting, to: String(environment.nowMilliseconds())) }
  }

  /// Throws the error on unless it was the cache that is damaged; then there is an empty one.
  func replaceCacheIfDamaged(_ error: ClientError) throws(ClientError) {
    guard !error.isOfNewerVersion else { throw error }
    switch error.damagedFile {
    case .cache: try replaceCache()
    case .outbox: throw error
    case nil:
      guard try isCacheDamaged() else { throw error }
      try replaceCache()
    }
  }

  /// Looks through the cache. What is merely busy, or on a disk in trouble, is not damaged.
  private func isCacheDamaged() throws(ClientError) -> Bool {
    do {
      let cache = try openedCache()
      try storing { for held in try cache.scopes() { _ = try cache.digest(held.scope) } }
      return false
    } catch {
      guard error.code == .damaged, !error.isOfNewerVersion else { throw error }
      return true
    }
  }
}
