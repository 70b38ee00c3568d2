// Clients that stop reading, against a server with little patience: they are told, or cut off, and nothing of them is kept.
import OutboundHTTP
import ProcessHarness
import RawSockets
import ReviewModel
import SyncProtocol
import Testing

@Suite(.serialized, .timeLimit(.minutes(5)), .underAttackWithLittlePatience) struct HostileSlowReaderTests {
  private static let crowd = 10
  /// Far less than a crowd's queues of more than 1 MiB each.
  private static let keptLimitBytes = 6 << 20

  /// A session that has asked for far more than it will read.
  private static func glutton(_ device: HostileDevice, _ keys: [EntityKey], on ground: HostileGround) async throws -> RawSocket
  {
    let raw = try await RawSocket.webSocket(port: try ground.port(), receiveBufferBytes: 4_096)
    _ = try await HostileSession(raw).open(as: device)
    let fetch = try HostilePaceTests.fetch(keys)
    for _ in 0..<8 { try await raw.send(fetch) }
    return raw
  }

  @Test func `readers that never read are dropped, again and again, and nothing of them stays`() async throws {
    let ground = try HostileGround.current()
    let (device, keys) = try await HostilePaceTests.writer(on: ground)
    var devices = [device]
    for _ in 1..<Self.crowd { devices.append(try await HostileDevice.enrolled(on: ground)) }
    let files = try ProcessWatch.openFiles(of: ground.process)
    var bytes: [Int] = []
    for _ in 0..<3 {
      try await ground.undisturbed {
        var readers: [RawSocket] = []
        for device in devices { readers.append(try await Self.glutton(device, keys, on: ground)) }
        // Half of them are half closed too.
        for raw in readers.prefix(Self.crowd / 2) { raw.finishWriting() }
        try await HostilePaceTests.waitForConnections(0, on: ground)
        for raw in readers { #expect(try await raw.readToClose() == nil, "a reset came in place of a close frame") }
      }
      bytes.append(try ProcessWatch.residentBytes(of: ground.process))
    }
    // What is kept is kept of every crowd; memory that one of them has grown is there for the next one.
    let kept = zip(bytes.dropFirst(), bytes).map { $0 - $1 }
    #expect(kept.contains { $0 < Self.keptLimitBytes }, "each crowd left some of \(kept) bytes")
    try await ProcessWatch.wait(for: "as few open files as before") {
      try ProcessWatch.openFiles(of: ground.process) < files + Self.crowd / 2
    }
  }

  @Test func `a reader that stopped and reads on is told at the end`() async throws {
    let ground = try HostileGround.current()
    let (device, keys) = try await HostilePaceTests.writer(on: ground)
    try await ground.undisturbed {
      let told = try await Self.goodbyes(on: ground)
      let raw = try await Self.glutton(device, keys, on: ground)
      try await HostilePaceTests.wait(for: "countersign_goodbyes_total{code=\"slowReader\"} \(told + 1)", on: ground)
      let goodbye = try await HostileSession(raw).expectEnd(.slowReader, 4012)
      #expect(goodbye.retryAfterMilliseconds > 0)
    }
  }

  /// How many slow readers the server has ended so far.
  private static func goodbyes(on ground: HostileGround) async throws -> Int {
    let text = String(decoding: try await ground.http("GET", "/metrics").body, as: UTF8.self)
    let name = "countersign_goodbyes_total{code=\"slowReader\"} "
    return text.split(separator: "\n").first { $0.hasPrefix(name) }.flatMap { Int($0.dropFirst(name.count)) } ?? 0
  }
}
