// Nothing that can heal ends a live session, nothing that waits waits for ever, and no change is left to nobody.
import ReviewModel
import Storage
import SyncEngine
import Synchronization
import Testing

@testable import ClientCore

struct LivenessTests {
  /// Fails as often as it is told to.
  private final class Failures: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    func next() -> Bool {
      left.withLock { left in
        defer { left = max(0, left - 1) }
        return left > 0
      }
    }
  }

  /// A folder that cannot be used for a while.
  private struct FlakyFiles: ProfileFiles {
    let files: MemoryFiles
    let failures: Failures

    func makeDirectory(_ path: String) throws {}
    func exists(_ path: String) -> Bool { files.exists(path) }
    func read(_ path: String) throws -> [UInt8]? { try files.read(path) }
    func write(_ path: String, _ bytes: [UInt8]) throws { try files.write(path, bytes) }
    func remove(_ path: String) throws { try files.remove(path) }
    func identity(of path: String) throws -> FileIdentity? { try files.identity(of: path) }
    func lock(_ path: String) throws -> any ProfileLock { try files.lock(path) }
    func isLocked(_ path: String) throws -> Bool { try files.isLocked(path) }
    func poke(_ path: String) -> Bool { files.poke(path) }
    func pokes(_ path: String) throws -> AsyncStream<Void> { try files.pokes(path) }

    func tryLock(_ path: String) throws -> (any ProfileLock)? {
      if failures.next() { throw WorldError(what: "no space left") }
      return try files.tryLock(path)
    }
  }

  private func enrolled() async throws -> World {
    let world = try World()
    _ = try await world.enrol("reviewer", [.reviewer], name: "Rita").sync()
    return world
  }

  /// The events of a live session up to the open connection.
  private func watched(_ profile: Profile) async -> [ClientEvent] {
    var events: [ClientEvent] = []
    for await event in profile.watch() {
      events.append(event)
      if event == .connected { break }
    }
    return events
  }

  @Test func `a full disk is waited out`() async throws {
    let world = try await enrolled()
    var environment = world.environment()
    let failures = Failures(4)
    let openCache = environment.openCache
    environment.openCache = { path in
      if failures.next() { throw StorageError(.diskFull, "The disk is full.") }
      return try openCache(path)
    }
    let events = await watched(try world.open("reviewer", in: environment))
    #expect(events.last == .connected)
    #expect(events.count > 1, "it failed first")
  }

  @Test func `a folder that cannot be locked is tried again`() async throws {
    let world = try await enrolled()
    var environment = world.environment()
    environment.files = FlakyFiles(files: world.files, failures: Failures(3))
    let events = await watched(try world.open("reviewer", in: environment))
    #expect(events.last == .connected)
    #expect(events.count > 1, "it failed first")
  }

  @Test func `every end of a try is owned`() {
    var pacing = WatchPacing()
    func storage(_ code: StorageError.Code, _ file: StorageError.File) -> WatchPacing.Step {
      let error = ClientError(storage: StorageError(code, "It says so.", file: file))
      return pacing.failed(error.sentence, mayHeal: error.mayHeal, randomness: 3)
    }
    for code in [StorageError.Code.busy, .diskFull, .readOnly, .inputOutput] {
      guard case .again(let wait, let reason) = storage(code, .outbox) else {
        Issue.record("\(code) may heal")
        continue
      }
      #expect(wait > 0 && reason == "It says so.")
    }
    #expect(storage(.damaged, .outbox) == .end(reason: "It says so."))
    let refused = ClientError(.refusedByServer, "No.")
    #expect(pacing.failed(refused.sentence, mayHeal: refused.mayHeal, randomness: 3) == .end(reason: "No."))
    for count in 1...3 {
      let step = pacing.ended(.stopped(.forked, detail: "d"), lastedMilliseconds: 5, randomness: 3)
      #expect(step == .settle(.forked, detail: "d", renewals: count))
    }
    // A session that held is a new beginning.
    let later = pacing.ended(.stopped(.forked, detail: "d"), lastedMilliseconds: 3_600_000, randomness: 3)
    #expect(later == .settle(.forked, detail: "d", renewals: 1))
  }

  @Test func `only a damaged cache is thrown away`() async throws {
    let world = try await enrolled()
    let profile = try world.open("reviewer")
    #expect(try profile.status().head > 0)
    let outbox = ClientError(storage: StorageError(.damaged, "The outbox is damaged.", file: .outbox))
    #expect(throws: ClientError(.damaged, "")) { try profile.replaceCacheIfDamaged(outbox) }
    #expect(try profile.status().head > 0)
    let cache = ClientError(storage: StorageError(.damaged, "The cache is damaged.", file: .cache))
    try profile.replaceCacheIfDamaged(cache)
    #expect(try profile.status().head == 0)
    #expect(try await profile.sync().digest == "match")
    #expect(try profile.status().head > 0)
  }

  @Test func `a cache that is merely busy is kept`() async throws {
    let world = try await enrolled()
    var environment = world.environment()
    environment.openCache = { _ in throw StorageError(.busy, "Another program is using it.") }
    environment.destroyCache = { _ in Issue.record("a whole cache was thrown away") }
    let profile = try world.open("reviewer", in: environment)
    #expect(throws: ClientError(.cacheInUse, "")) { try profile.replaceCacheIfDamaged(ClientError(.damaged, "Something is.")) }
  }

  @Test func `where another process holds the lock and listens to nobody, a change waits for its turn`() async throws {
    let world = try await enrolled()
    let lock = try #require(try world.files.tryLock("reviewer/lock"))
    var environment = world.environment()
    let rest = environment.sleep
    environment.sleep = { milliseconds in
      lock.unlock()
      try await rest(milliseconds)
    }
    let profile = try world.open("reviewer", in: environment)
    guard case .synced = await profile.trySync(withinMilliseconds: 3_000) else {
      Issue.record("the other process was trusted to send what it cannot know of")
      return
    }
  }

  @Test(.timeLimit(.minutes(5))) func `a sync beside a live session is told by the server through it`() async throws {
    let world = try await enrolled()
    let watcher = try world.open("reviewer")
    let profile = try world.open("reviewer")
    var digests: [String] = []
    for await event in watcher.watch() where event == .connected {
      // The second time the session is at rest, and would say nothing by itself.
      for _ in 0..<2 { digests.append(try await profile.sync().digest) }
      break
    }
    #expect(digests == ["match", "match"])
    let cache = try #require(world.caches.withLock { $0["reviewer/cache.sqlite"] })
    #expect(try cache.setting(Profile.askedSetting) != nil, "it did not have the lock")
  }

  @Test func `a process that holds the lock and hears nothing is not taken for the server`() async throws {
    let world = try await enrolled()
    let lock = try #require(try world.files.tryLock("reviewer/lock"))
    defer { lock.unlock() }
    var environment = world.environment()
    environment.sleep = { milliseconds in
      world.uptime.withLock { $0 += milliseconds }
      await Task.yield()
    }
    let report = try await world.open("reviewer", in: environment).sync()
    #expect(report.digest == "unknown" && !report.isConfirmed)
  }

  @Test func `a clock that is set back ends no wait early`() async throws {
    let world = try await enrolled()
    world.network.withLock { $0.isCut = true }
    var environment = world.environment()
    let waits = Mutex(0)
    environment.sleep = { _ in
      waits.withLock { $0 += 1 }
      world.clock.withLock { $0 = 1_000 }
    }
    let profile = try world.open("reviewer", in: environment)
    let report = try profile.pause(reason: "Now")
    await #expect(throws: ClientError(.notConfirmed, "")) {
      try await profile.waitUntilAnswered(report.mutations, withinMilliseconds: 20)
    }
    #expect(waits.withLock { $0 } >= 10)
  }

  @Test(.timeLimit(.minutes(5))) func `looking for changes of others survives a store in trouble`() async throws {
    let world = try await enrolled()
    let editor = try await world.enrol("editor", [.editor], name: "Edda")
    _ = try await editor.sync()
    var environment = world.environment()
    let failures = Failures(1)
    let looks = Mutex(0)
    let openCache = environment.openCache
    environment.openCache = { path in
      if failures.next() { throw StorageError(.inputOutput, "The disk does not answer.") }
      return try openCache(path)
    }
    environment.sleep = { _ in
      let look = looks.withLock { looks in
        looks += 1
        return looks
      }
      // By now it knows where the overlay was.
      if look == 5 { _ = try editor.importBatch(Content.file(), media: [:], submits: true) }
      await Task.yield()
    }
    let profile = try world.open("editor", in: environment)
    var isTold = false
    for await subjects in profile.changes where !subjects.isEmpty {
      isTold = true
      break
    }
    #expect(isTold)
  }

  @Test func `what is queued while a sync ends is sent by it`() async throws {
    let world = try await enrolled()
    let profile = try world.open("reviewer")
    let isQueued = Mutex(false)
    let report = try await profile.sync { progress in
      guard progress.phase == "done", !isQueued.withLock({ $0 }) else { return }
      isQueued.withLock { $0 = true }
      // Another process, whose word reaches nobody: the session has just ended.
      do { _ = try world.open("reviewer").pause(reason: "Now") } catch { Issue.record(error) }
    }
    #expect(isQueued.withLock { $0 })
    #expect(report.unsent == 0)
  }
}
