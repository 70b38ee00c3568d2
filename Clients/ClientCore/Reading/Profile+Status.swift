// One screen about this device.
import ReviewModel
import Storage
import SyncEngine
import Trust

extension Profile {
  /// One screen about this device.
  public func status() throws(ClientError) -> StatusReport {
    let cache = try currentView()
    let identity = openIdentity
    let device = deviceID.hex
    let isSyncing = isBeingSynced()
    return try storing {
      let counts = try outbox.counts()
      let checkpoint = try outbox.checkpoints().last?.checkpoint ?? SeenCheckpoint()
      let synced = try cache.setting(Self.lastSyncedSetting).flatMap { UInt64($0) } ?? 0
      let stop = try cache.setting(Self.stopSetting)
      let renewed = try cache.setting(Self.renewalSetting).flatMap { UInt64($0) }
      let posts = try cache.subjectCounts()
      let member = try EntityReader(cache: cache).member(identity.member)
      let failed = try failedTry(cache)
      let known = failed != nil ? "failing" : synced > 0 ? "synced" : "never_synced"
      let connection = stop != nil ? "stopped" : isSyncing ? "syncing" : known
      let renewal = renewed.map { "This device goes on under a new identity since \(Timestamp.text($0)): it had been copied." }
      return StatusReport(
        profile: name, tenant: identity.file.tenantName, tenantID: identity.file.tenant, server: identity.file.url,
        member: member?.shownName ?? "", memberID: identity.file.member, roles: member?.roles.sorted().map(\.name) ?? [],
        device: device, rootFingerprint: identity.file.rootFingerprint ?? "", connection: connection,
        connectionDetail: stop ?? renewal ?? "",
        stop: try stop == nil ? "" : cache.setting(Self.stopCodeSetting) ?? "",
        head: try cache.scopes().map(\.cursor).max() ?? 0,
        epoch: try cache.setting(Self.epochSetting) ?? "", lastSyncedAt: Timestamp.text(synced),
        failedTryAt: Timestamp.text(failed?.atMilliseconds ?? 0), failedTryReason: failed?.reason ?? "",
        nextTryAt: Timestamp.text(failed?.nextMilliseconds ?? 0), unsent: counts.unanswered,
        oldestUnsentAt: Timestamp.text(counts.oldestUnansweredMilliseconds ?? 0), refused: counts.refused + counts.quarantined,
        refusedUnseen: try unseenRefusals(counts), parked: counts.parked, checkpointSize: checkpoint.size,
        checkpointRoot: checkpoint.size == 0 ? "" : checkpoint.root.hex,
        clockSkewMilliseconds: try cache.setting(Self.clockSkewSetting).flatMap { Int64($0) } ?? 0, posts: posts.all,
        waitingForMe: posts.waitingForMe, pauses: try Self.pauses(cache),
        pendingRevocations: try counts.unanswered == 0 ? [] : Self.pendingRevocations(cache))
    }
  }

  /// Devices that only this device calls revoked: the server has not said so, and goes on taking what they send.
  static func unansweredRevocations(_ cache: any CacheStore) throws -> [DeviceEntity] {
    let revoked = try EntityReader(cache: cache).devices().filter(\.isRevoked)
    let said = try cache.base(revoked.map { .device($0.id) })
    return revoked.filter { device in
      let key = EntityKey.device(device.id)
      guard let stored = said[key], case .device(let known) = Replay.namedEntity(key, stored)?.value else { return true }
      return !known.isRevoked
    }
  }

  private static func pendingRevocations(_ cache: any CacheStore) throws -> [RevocationReport] {
    let devices = try unansweredRevocations(cache).sorted { $0.id < $1.id }
    let names = try EntityReader(cache: cache).names(devices.map(\.member))
    return devices.map { RevocationReport(device: $0.id.hex, name: $0.shownName, member: names[$0.member] ?? "") }
  }

  /// What the server has said counts: a pause that only this device knows is not in force yet, and one that is lifted only
  /// here still is.
  private static func pauses(_ cache: any CacheStore) throws -> [PauseReport] {
    let seen = try cache.all(.pause)
    let said = try cache.base(Array(seen.keys))
    var unlifted: [PauseEntity] = []
    for (key, stored) in seen {
      guard case .pause(let pause) = Replay.namedEntity(key, said[key] ?? stored)?.value else { continue }
      if pause.liftedBy == nil { unlifted.append(pause) }
    }
    unlifted.sort { ($0.atMilliseconds, $0.id) < ($1.atMilliseconds, $1.id) }
    let names = try EntityReader(cache: cache).names(unlifted.map(\.member))
    return unlifted.map { pause in
      PauseReport(
        pause: pause.id.hex, at: Timestamp.text(pause.atMilliseconds), member: names[pause.member] ?? "",
        reason: pause.shownReason, post: pause.target.subject?.hex ?? "", campaign: pause.target.campaign?.hex ?? "",
        platform: pause.target.platform, isPending: said[.pause(pause.id)] == nil)
    }
  }
}
