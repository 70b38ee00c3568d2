// The cache as the profile uses it: opened when first needed, made anew when damaged, and its view brought up to date.
import ReviewModel
import Storage
import SyncEngine
import Synchronization
import Trust

extension Profile {
  static let lastSyncedSetting = "synced_ms"
  static let epochSetting = "epoch"
  static let clockSkewSetting = "clock_skew_ms"
  static let stopSetting = "stop"
  /// The stable word of what `stopSetting` says in a sentence.
  static let stopCodeSetting = "stop_code"

  /// The cache, opened on first use. One that is damaged is thrown away: everything in it is on the server, too. One of a
  /// newer version is not, whoever wrote it goes on using it.
  func openedCache() throws(ClientError) -> any CacheStore {
    if let cache = state.withLock({ $0.cache }) { return cache }
    let opened = try storing { () throws -> any CacheStore in
      do {
        return try environment.openCache(paths.cache)
      } catch let error as StorageError where error.code == .damaged {
        return try cacheMadeAnew()
      }
    }
    let file = try storing { try environment.files.identity(of: paths.cache) }
    return state.withLock { state in
      if let other = state.cache { return other }
      state.cache = opened
      state.cacheFile = file
      return opened
    }
  }

  /// An empty cache in the place of a damaged one, unless another process is at work on that: if the file were taken away
  /// from under it, whatever it receives from then on would go nowhere.
  private func cacheMadeAnew() throws -> any CacheStore {
    let holdsLock = state.withLock { $0.isSyncing }
    let lock = holdsLock ? nil : try environment.files.tryLock(paths.lock)
    defer { lock?.unlock() }
    guard holdsLock || lock != nil else {
      throw ClientError(
        .cacheInUse, "The cache cannot be read, and another process is using it.", remedy: "Try again when that one has ended.")
    }
    do {
      // Another process may have made it anew before this one had the lock.
      return try environment.openCache(paths.cache)
    } catch let error as StorageError where error.code == .damaged {
      try environment.destroyCache(paths.cache)
      return try environment.openCache(paths.cache)
    }
  }

  /// Whether the file that is open here is not the one any more that others find at its place. Whoever goes on writing into
  /// it writes for nobody.
  func isCacheReplaced() throws(ClientError) -> Bool {
    guard let held = state.withLock({ $0.cacheFile }) else { return false }
    let current = try storing { try environment.files.identity(of: paths.cache) }
    return current != held
  }

  /// Lets go of a cache that was replaced; the next use opens the one that is there.
  func forgetCache() {
    // It may be in use still, and is closed with its last user: SQLite leaves the files beside one that has moved alone.
    _ = state.withLock { state in
      defer { (state.cache, state.cacheFile) = (nil, nil) }
      return state.cache
    }
  }

  /// After damage was found in use: an empty cache in its place.
  func replaceCache() throws(ClientError) {
    let old = state.withLock { state in
      defer { (state.cache, state.cacheFile) = (nil, nil) }
      return state.cache
    }
    // A damaged store may refuse to close; its files are removed next.
    try? old?.close()
    try storing { try environment.destroyCache(paths.cache) }
    _ = try openedCache()
  }

  func keeper() throws(ClientError) -> ViewKeeper {
    ViewKeeper(cache: try openedCache(), outbox: outbox, actor: actor)
  }

  /// The cache with a view that holds everything that is pending.
  func currentView() throws(ClientError) -> any CacheStore {
    let keeper = try keeper()
    let affected = try storing { () throws -> Set<SubjectID> in
      let stored = try keeper.cache.overlayPosition()
      let wanted = try keeper.currentPosition()
      guard stored != wanted else { return [] }
      // While another process receives, it refreshes the view at its rests.
      if stored.outboxVersion == wanted.outboxVersion, isBeingSynced() { return [] }
      return try keeper.refresh(changed: nil)
    }
    observers.changed(affected)
    return keeper.cache
  }

  /// Whether the server has ever given this device anything that it still holds.
  public func hasFetched() throws(ClientError) -> Bool {
    let cache = try openedCache()
    return try storing { try cache.scopes().contains { $0.cursor > 0 } }
  }

  /// What is not here yet must not look as if there were none of it.
  ///
  /// - Throws: `noCache` if nothing was fetched yet.
  public func requireFetched() throws(ClientError) {
    guard try !hasFetched() else { return }
    throw ClientError(.noCache, "Nothing was fetched yet.", remedy: "Run \"countersign sync\".")
  }

  /// Whether some process syncs this profile now.
  func isBeingSynced() -> Bool {
    if state.withLock({ $0.isSyncing }) { return true }
    do {
      return try environment.files.isLocked(paths.lock)
    } catch {
      return false
    }
  }

  func heldMember(_ id: MemberID) throws(ClientError) -> MemberEntity? {
    let cache = try openedCache()
    guard let stored = try storing({ try cache.view([.member(id)])[.member(id)] }),
      case .member(let value) = Replay.entity(.member(id), stored)?.value
    else { return nil }
    return value
  }
}
