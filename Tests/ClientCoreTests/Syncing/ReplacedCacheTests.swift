// A cache may be thrown away by a person at any time, and by a program only when nobody else works on it.
import Foundation
import Glibc
import ReviewModel
import Storage
import StorageSQLite
import Synchronization
import Testing

@testable import ClientCore

struct ReplacedCacheTests {
  /// A folder for one cache, gone with its owner.
  private final class Folder: Sendable {
    let cache: String
    private let path: String

    init() throws {
      path = FileManager.default.temporaryDirectory.appendingPathComponent("countersign-\(UUID().uuidString)").path
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      cache = path + "/cache.sqlite"
    }

    deinit {
      // A folder that stays behind in the temporary directory harms nothing.
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  /// Everything in memory but the cache.
  private struct Files: ProfileFiles {
    let files: MemoryFiles
    let folder: Folder

    func makeDirectory(_ path: String) throws {}
    func exists(_ path: String) -> Bool { files.exists(path) }
    func read(_ path: String) throws -> [UInt8]? { try files.read(path) }
    func write(_ path: String, _ bytes: [UInt8]) throws { try files.write(path, bytes) }
    func remove(_ path: String) throws { try files.remove(path) }
    func tryLock(_ path: String) throws -> (any ProfileLock)? { try files.tryLock(path) }
    func lock(_ path: String) throws -> any ProfileLock { try files.lock(path) }
    func isLocked(_ path: String) throws -> Bool { try files.isLocked(path) }
    func poke(_ path: String) -> Bool { files.poke(path) }
    func pokes(_ path: String) throws -> AsyncStream<Void> { try files.pokes(path) }

    func identity(of path: String) throws -> FileIdentity? {
      var information = stat()
      guard stat(folder.cache, &information) == 0 else { return nil }
      return FileIdentity(device: UInt64(information.st_dev), number: UInt64(information.st_ino))
    }
  }

  private func enrolled() async throws -> World {
    let world = try World()
    _ = try await world.enrol("reviewer", [.reviewer], name: "Rita").sync()
    return world
  }

  private func environment(_ world: World, in folder: Folder) -> ClientEnvironment {
    var environment = world.environment()
    environment.files = Files(files: world.files, folder: folder)
    environment.openCache = { _ in try SQLiteCacheStore.open(path: folder.cache) }
    environment.destroyCache = { _ in try SQLiteCacheStore.destroy(path: folder.cache) }
    return environment
  }

  @Test(.timeLimit(.minutes(5)))
  func `a live session whose cache is thrown away fetches everything into the new one`() async throws {
    let (world, folder) = (try await enrolled(), try Folder())
    let surroundings = environment(world, in: folder)
    let watcher = try world.open("reviewer", in: surroundings)
    var connections = 0
    for await event in watcher.watch() where event == .connected {
      connections += 1
      if connections == 2 { break }
      try SQLiteCacheStore.destroy(path: folder.cache)
      let other = try world.open("reviewer", in: surroundings)
      #expect(try other.status().head == 0)
      #expect(try watcher.isCacheReplaced())
      #expect(try await other.sync().digest == "match")
      #expect(try other.status().head > 0)
    }
    #expect(connections == 2)
    #expect(try !watcher.isCacheReplaced())
  }

  @Test func `a cache of a newer version is destroyed by nobody`() async throws {
    let world = try await enrolled()
    var surroundings = world.environment()
    surroundings.openCache = { _ in throw StorageError(.tooNew, "The cache was written by a newer version.", file: .cache) }
    surroundings.destroyCache = { _ in Issue.record("a whole cache was thrown away") }
    let profile = try world.open("reviewer", in: surroundings)
    let error = #expect(throws: ClientError.self) { try profile.status() }
    #expect(error?.code == .damaged && error?.remedy == "Update this program.")
    await #expect(throws: ClientError(.damaged, "")) { try await profile.sync() }
  }

  @Test func `a damaged cache is made anew only when no other process works on it`() async throws {
    let world = try await enrolled()
    let destroyed = Mutex(0)
    var surroundings = world.environment()
    surroundings.openCache = { _ in
      guard destroyed.withLock({ $0 > 0 }) else { throw StorageError(.damaged, "The cache is damaged.", file: .cache) }
      return MemoryCacheStore()
    }
    surroundings.destroyCache = { _ in destroyed.withLock { $0 += 1 } }
    let profile = try world.open("reviewer", in: surroundings)
    let lock = try #require(try world.files.tryLock("reviewer/lock"))
    #expect(throws: ClientError(.cacheInUse, "")) { try profile.status() }
    #expect(destroyed.withLock { $0 } == 0)
    lock.unlock()
    #expect(try profile.status().head == 0)
    #expect(destroyed.withLock { $0 } == 1)
    #expect(try !world.files.isLocked("reviewer/lock"))
  }
}
