// Clients that read slowly or not at all, and connections that never become anything. Over plain text, where a bare socket
// can hold back what the library's client would read. The server's memory is read from the system; it is one process for
// all tests of the suite, so bounds are on the growth during a test.
import OutboundHTTP
import ProcessHarness
import RawSockets
import ReviewModel
import SyncProtocol
import Synchronization
import Testing
import Trust

@Suite(.serialized, .timeLimit(.minutes(5)), .underAttackInPlainText) struct HostilePaceTests {
  /// More than a session's 1 MiB and the kernel's buffers, far less than what is asked for.
  static let growthLimitBytes = 48 << 20
  static let settledStepBytes = 256 << 10
  static let postTextBytes = 20_000
  static let posts = 8

  @Test func `a reader that never reads costs the server no more than its buffers`() async throws {
    let ground = try HostileGround.current()
    let (device, keys) = try await Self.writer(on: ground)
    let raw = try await RawSocket.webSocket(port: try ground.port(), receiveBufferBytes: 4_096)
    let session = HostileSession(raw)
    _ = try await session.open(as: device)
    let before = try ProcessWatch.residentBytes(of: ground.process)
    // 16 requests of 256 revisions each: 80 MB.
    let fetch = try Self.fetch(keys)
    for _ in 0..<16 { try await session.channel.send(fetch) }
    let growth = try await Self.settledBytes(of: ground, from: before)
    #expect(growth < Self.growthLimitBytes, "the server grew by \(growth) bytes")
    raw.cut()
    try await Self.waitForConnections(0, on: ground)
  }

  @Test func `a reader that never reads and goes on asking is not read either`() async throws {
    let ground = try HostileGround.current()
    let device = try await HostileDevice.enrolled(on: ground)
    let growth = try await Self.askWithoutReading(total: 4_000, as: device, on: ground)
    #expect(growth < Self.growthLimitBytes, "the server grew by \(growth) bytes")
    try await Self.waitForConnections(0, on: ground)
  }

  /// Asks until the server takes nothing more, and answers by how much its memory has grown then.
  private static func askWithoutReading(total: Int, as device: HostileDevice, on ground: HostileGround) async throws -> Int {
    let raw = try await RawSocket.webSocket(port: try ground.port(), receiveBufferBytes: 4_096)
    _ = try await HostileSession(raw).open(as: device)
    let before = try ProcessWatch.residentBytes(of: ground.process)
    // Each asks for 512 answers of its own.
    let cursors = (0..<WireLimits.scopesASession).map { _ in
      ScopeCursor(scope: .campaign(HostileDevice.identifier()), cursor: 0)
    }
    let frame = try FrameCodec.encode(.subscribe(Subscribe(cursors: cursors, isLive: true)), as: .binary)
    let sent = Atomic(0)
    async let flood: Void = {
      // The connection is cut in the end, however far this came.
      while sent.load(ordering: .relaxed) < total, (try? await raw.send(frame)) != nil { sent.add(1, ordering: .relaxed) }
    }()
    var last = -1
    while last != sent.load(ordering: .relaxed), sent.load(ordering: .relaxed) < total {
      last = sent.load(ordering: .relaxed)
      for _ in 0..<2 { try await ground.bystanderSyncs() }
    }
    #expect(last > 0 && last < total, "the server took \(sent.load(ordering: .relaxed)) of \(total) requests")
    let growth = try await settledBytes(of: ground, from: before)
    raw.cut()
    await flood
    return growth
  }

  @Test func `a slow reader gets everything in the end`() async throws {
    let ground = try HostileGround.current()
    let (device, keys) = try await Self.writer(on: ground)
    let raw = try await RawSocket.webSocket(port: try ground.port(), receiveBufferBytes: 4_096)
    let session = HostileSession(raw)
    _ = try await session.open(as: device)
    let before = try ProcessWatch.residentBytes(of: ground.process)
    let requests = 2
    for _ in 0..<requests { try await session.channel.send(try Self.fetch(keys)) }
    try await ground.undisturbed {
      var (frames, entries, done) = (0, 0, 0)
      while done < requests {
        let fetched = try await session.until("entities") { if case .entities(let frame) = $0 { frame } else { nil } }
        frames += 1
        entries += fetched.entries.count
        if fetched.isLast { done += 1 }
        // As slow as a round trip of somebody else.
        if frames % 10 == 0 { #expect(try await ground.http("GET", "/healthz").status == 200) }
        #expect(try ProcessWatch.residentBytes(of: ground.process) - before < Self.growthLimitBytes)
      }
      #expect(entries == requests * WireLimits.keysAFetch)
      #expect(frames > requests * 10, "it was sent piece by piece")
    }
    try await session.leave()
  }

  // MARK: What the tests share

  /// An enrolled device that has written long posts, with 256 keys under which they can be fetched.
  static func writer(on ground: HostileGround) async throws -> (HostileDevice, [EntityKey]) {
    var device = try await HostileDevice.enrolled(on: ground)
    let session = try await HostileSession.opened(on: ground, as: device)
    let campaign: CampaignID = HostileDevice.identifier()
    try await session.push(device.campaign(campaign))
    var revisions: [EntityKey] = []
    #expect(try await session.outcome().status == .applied)
    for _ in 0..<posts {
      let (envelope, revision) = device.post(in: campaign, text: String(repeating: "x", count: postTextBytes))
      try await session.push(envelope)
      #expect(try await session.outcome().status == .applied)
      revisions.append(revision)
    }
    try await session.leave()
    return (device, (0..<WireLimits.keysAFetch).map { revisions[$0 % posts] })
  }

  static func fetch(_ keys: [EntityKey]) throws -> [UInt8] {
    try FrameCodec.encode(.fetch(Fetch(request: 1, keys: keys, wantsWaiting: false)), as: .binary)
  }

  /// By how much the server's memory has grown once it grows no more, or is beyond the limit.
  private static func settledBytes(of ground: HostileGround, from before: Int) async throws -> Int {
    var last = Int.min
    while true {
      let growth = try ProcessWatch.residentBytes(of: ground.process) - before
      // A bystander's sync is time enough for a server that still works for the attacker.
      if growth > growthLimitBytes || (last != .min && growth - last < settledStepBytes) { return growth }
      last = growth
      try await ground.bystanderSyncs()
    }
  }

  /// Waits until the server itself says that it holds so many sessions.
  static func waitForConnections(_ count: Int, on ground: HostileGround) async throws {
    try await wait(for: "countersign_connections \(count)", on: ground)
  }

  /// Waits until the server's metrics have this line.
  static func wait(for line: String, on ground: HostileGround) async throws {
    try await ProcessWatch.wait(for: line) {
      String(decoding: try await ground.http("GET", "/metrics").body, as: UTF8.self).contains("\n\(line)\n")
    }
  }
}
