// Whoever waits for an answer comes back when the server wants it, and not together with everybody else.
import ReviewModel
import SyncEngine
import SyncProtocol
import Testing
import Transport

@testable import ClientCore

struct RetryPacingTests {
  @Test func `tries come ever more slowly, by chance, and never so slowly that a person gives up`() {
    var pacing = RetryPacing()
    var ceiling = Backoff.firstCeilingMilliseconds
    for _ in 0..<12 {
      var again = pacing
      #expect(again.pause(after: .timedOut, askedMilliseconds: 0, randomness: 7) == 7)
      let longest = pacing.pause(after: .timedOut, askedMilliseconds: 0, randomness: ceiling)
      #expect(longest == min(ceiling, RetryPacing.longestMilliseconds))
      ceiling = min(2 * ceiling, Backoff.lastCeilingMilliseconds)
    }
    #expect(ceiling > RetryPacing.longestMilliseconds)
  }

  @Test func `what the server asks for is added to, and another process is none of the server's business`() {
    var pacing = RetryPacing()
    #expect(pacing.pause(after: .unreachable("It says so."), askedMilliseconds: 5_000, randomness: 100) == 5_100)
    #expect(pacing.pause(after: .poked, askedMilliseconds: 0, randomness: .max) == RetryPacing.otherProcessMilliseconds)
  }

  @Test func `a server that asks for patience is left alone for so long`() async throws {
    let world = try World()
    let reviewer = try await world.enrol("reviewer", [.reviewer], name: "Rita")
    _ = try await reviewer.sync()
    var pacing = RetryPacing()
    #expect(reviewer.pauseMilliseconds(after: .timedOut, &pacing) <= 500)
    var environment = world.environment()
    environment.connect = { _, _ in
      let (client, server) = InMemoryPipe.makePair()
      let goodbye = ServerFrame.goodbye(Goodbye(code: .rateLimited, retryAfterMilliseconds: 90_000))
      try await server.send(try FrameCodec.encode(goodbye, as: .binary))
      return client
    }
    let refused = try world.open("reviewer", in: environment)
    let tried = await refused.trySync(withinMilliseconds: 30_000)
    #expect(tried == .unreachable("The server asks for patience."))
    let pause = refused.pauseMilliseconds(after: tried, &pacing)
    #expect(pause > 85_000 && pause <= 91_000)
  }
}
