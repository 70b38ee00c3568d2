// A try that failed is told by whoever asks next, in another process too, until a session opens again.
import ReviewModel
import Storage
import Synchronization
import Testing
import Transport

@testable import ClientCore

struct FailedTryTests {
  private func reviewed() async throws -> (world: World, reviewer: Profile) {
    let world = try World()
    let reviewer = try await world.enrol("reviewer", [.reviewer], name: "Rita")
    _ = try await reviewer.sync()
    world.network.withLock { $0.isCut = true }
    return (world, reviewer)
  }

  @Test func `a failed sync is told by the next process, until one succeeds`() async throws {
    let (world, reviewer) = try await reviewed()
    #expect(try reviewer.status().failedTryAt.isEmpty)
    await #expect(throws: ClientError(.unreachable, "")) { try await reviewer.sync() }
    let told = try world.open("reviewer").status()
    #expect(told.connection == "failing")
    #expect(!told.failedTryAt.isEmpty && told.failedTryReason.contains("cannot be reached"))
    #expect(told.nextTryAt.isEmpty, "nobody tries again by itself")
    world.network.withLock { $0.isCut = false }
    _ = try await reviewer.sync()
    let after = try world.open("reviewer").status()
    #expect(after.connection == "synced" && after.failedTryAt.isEmpty && after.failedTryReason.isEmpty)
  }

  @Test func `at another address what failed at the former one is not told`() async throws {
    let (world, reviewer) = try await reviewed()
    await #expect(throws: ClientError(.unreachable, "")) { try await reviewer.sync() }
    try reviewer.setURL(reviewer.identity.serverURL)
    #expect(try world.open("reviewer").status().connection == "failing", "it is the same address")
    try reviewer.setURL("https://example.org:8443")
    let told = try world.open("reviewer").status()
    #expect(told.connection == "synced" && told.failedTryAt.isEmpty)
  }

  @Test func `while a live session runs, its next try is told, and not after its end`() async throws {
    let (world, reviewer) = try await reviewed()
    let other = try world.open("reviewer")
    for await event in reviewer.watch() {
      guard case .disconnected(_, let retry) = event else { continue }
      #expect(retry != nil)
      #expect(try !other.status().nextTryAt.isEmpty)
      break
    }
    while try world.files.isLocked("reviewer/watch") { await Task.yield() }
    let told = try other.status()
    #expect(!told.failedTryAt.isEmpty && told.nextTryAt.isEmpty)
  }

  /// How long a change tries to sync; the surroundings below know it from the session's own waits.
  private static let patience: UInt64 = 2_345

  /// Surroundings in which the server falls silent after so many messages, and a try's time is over when it is said to be.
  private func impatient(
    _ world: World, hearing messages: Int, isTimeUp: @escaping @Sendable () throws -> Bool
  ) -> ClientEnvironment {
    var environment = world.environment()
    let connect = environment.connect
    environment.connect = { address, seconds in
      let server = try await connect(address, seconds)
      let (client, near) = InMemoryPipe.makePair()
      Task {
        await Self.carry(from: near, to: server, messages: .max)
        await server.close(code: 1000, reason: "")
      }
      Task { await Self.carry(from: server, to: near, messages: messages) }
      return client
    }
    let rest = environment.sleep
    environment.sleep = { milliseconds in
      try Task.checkCancellation()
      while milliseconds == Self.patience, try !isTimeUp() {
        await Task.yield()
        try Task.checkCancellation()
      }
      try await rest(milliseconds)
    }
    return environment
  }

  /// Carries so many messages, and drops the others.
  private static func carry(from: any FramePipe, to: any FramePipe, messages: Int) async {
    var left = messages
    do {
      for try await message in from.incoming where left > 0 {
        left -= 1
        try await to.send(message)
      }
    } catch {
      // Either end may be closed at any time: then there is nothing more to carry.
    }
  }

  @Test func `a server that did not answer in time is told`() async throws {
    let (world, _) = try await reviewed()
    world.network.withLock { $0.isCut = false }
    let profile = try world.open("reviewer", in: impatient(world, hearing: 0) { true })
    #expect(await profile.trySync(withinMilliseconds: Self.patience) == .timedOut)
    let told = try world.open("reviewer").status()
    #expect(told.connection == "failing" && told.failedTryReason == "The server did not answer within 2 s.")
  }

  @Test func `a session that has opened and is still catching up has not failed`() async throws {
    let (world, reviewer) = try await reviewed()
    world.network.withLock { $0.isCut = false }
    reviewer.noteFailure("An earlier one.")
    let cache = try #require(world.caches.withLock { $0["reviewer/cache.sqlite"] })
    // The challenge and the welcome come, and no page.
    let environment = impatient(world, hearing: 2) { try cache.setting(Profile.failedTrySetting) == nil }
    let profile = try world.open("reviewer", in: environment)
    #expect(await profile.trySync(withinMilliseconds: Self.patience) == .timedOut)
    let told = try world.open("reviewer").status()
    #expect(told.failedTryAt.isEmpty && told.connection != "failing")
  }

  @Test func `waiting for another process that syncs is no failure`() async throws {
    let (world, _) = try await reviewed()
    let lock = try #require(try world.files.tryLock("reviewer/lock"))
    let profile = try world.open("reviewer", in: impatient(world, hearing: 0) { true })
    _ = try profile.pause(reason: "Now")
    #expect(await profile.trySync(withinMilliseconds: Self.patience) == .timedOut)
    lock.unlock()
    #expect(try world.open("reviewer").status().failedTryAt.isEmpty)
  }

  /// A connection whose other end is gone: nothing comes, and a close in order waits for ever.
  private final class DeadPipe: FramePipe {
    private let near: InMemoryPipe
    private let far: InMemoryPipe
    let isAbandoned = Mutex(false)

    init() {
      let pair = InMemoryPipe.makePair()
      near = pair.client
      far = pair.server
    }

    var encoding: FrameEncoding { near.encoding }
    var peerDescription: String { near.peerDescription }
    var tlsCertificateDigest: [UInt8]? { near.tlsCertificateDigest }
    var incoming: IncomingFrames { near.incoming }
    var bufferedBytes: Int { near.bufferedBytes }
    var closure: PipeClosure? { near.closure }
    func send(_ message: [UInt8]) async throws { try await near.send(message) }
    func waitUntilWritable(below bytes: Int) async throws { try await near.waitUntilWritable(below: bytes) }
    func setFarewellToSlowReader(_ farewell: Farewell) {}
    func close(code: UInt16, reason: String) async { await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in } }

    func abandon() {
      isAbandoned.withLock { $0 = true }
      near.abandon()
    }
  }

  @Test(.timeLimit(.minutes(5))) func `giving up waits for no farewell of a server that is gone`() async throws {
    let (world, _) = try await reviewed()
    let pipe = DeadPipe()
    var environment = world.environment()
    environment.connect = { _, _ in pipe }
    let rest = environment.sleep
    environment.sleep = { milliseconds in
      // The time is over when the first frame has gone out.
      while milliseconds == 50, pipe.bufferedBytes == 0 {
        try Task.checkCancellation()
        await Task.yield()
      }
      try await rest(milliseconds)
    }
    let profile = try world.open("reviewer", in: environment)
    #expect(await profile.trySync(withinMilliseconds: 50) == .timedOut)
    #expect(try !world.files.isLocked("reviewer/lock"))
    #expect(pipe.isAbandoned.withLock { $0 })
  }

  @Test func `what is kept is read again, whatever the reason says`() {
    let failed = FailedTry(atMilliseconds: 5, nextMilliseconds: 9, reason: "Nobody answers (no detail); check.")
    #expect(FailedTry(text: failed.text) == failed)
    let last = FailedTry(atMilliseconds: 5, nextMilliseconds: nil, reason: "")
    #expect(FailedTry(text: last.text) == last)
    #expect(FailedTry(text: "nonsense") == nil)
    #expect(
      FailedTry(atMilliseconds: 1, nextMilliseconds: nil, reason: String(repeating: "x", count: 9_999)).reason.count == 500)
  }
}
