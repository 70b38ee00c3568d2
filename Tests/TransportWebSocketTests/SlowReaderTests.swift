// Peers that read little or nothing, and what becomes of what was to be said to them.
import RawSockets
import Testing
import Transport

@testable import TransportWebSocket

extension RealSockets {
  @Suite(.timeLimit(.minutes(5)))
  struct SlowReaderTests {
    private static let farewell = Farewell(message: [0xfa, 0xfe], code: 4012)

    /// What the server's side of a connection came to.
    private struct End: Sendable {
      let error: PipeError?
      let mostBuffered: Int
      let closure: PipeClosure?
      let isTold: Bool
    }

    private static func impatient(farewellSeconds: Int = 1) -> WebSocketServerConfiguration {
      var configuration = WebSocketServerConfiguration()
      configuration.pipeLimits.writeDeadlineSeconds = 1
      configuration.pipeLimits.farewellSeconds = farewellSeconds
      return configuration
    }

    /// Sends without end to whoever asks for it with a first message; a first message of 1 wants a farewell.
    private static func pour(_ pipe: any FramePipe, into ends: Seen<End>, onGivenUp: @Sendable () -> Void = {}) async {
      // A connection that says nothing is a client that keeps the rules.
      guard let message = try? await first(of: pipe) else { return }
      if message == [1] { pipe.setFarewellToSlowReader(farewell) }
      var most = 0
      do {
        while true {
          try await pipe.send([UInt8](repeating: 7, count: 60_000))
          most = max(most, pipe.bufferedBytes)
        }
      } catch {
        onGivenUp()
        var isTold = false
        do { for try await _ in pipe.incoming {} } catch { isTold = (error as? PipeError)?.code == .writeDeadline }
        await pipe.close(code: 1011, reason: "")
        ends.add(End(error: error as? PipeError, mostBuffered: most, closure: pipe.closure, isTold: isTold))
      }
    }

    @Test(arguments: [UInt8(0), 1])
    func `a reader that never reads is given up, then reset, and nothing of it is kept`(wantsFarewell: UInt8) async throws {
      let ends = Seen<End>()
      let live = LiveCount()
      try await withServer(
        Self.impatient(),
        onConnection: { pipe in
          live.watch(pipe)
          await Self.pour(pipe, into: ends)
        },
        { address, _ in
          let raw = try await RawSocket.webSocket(port: address.port, receiveBufferBytes: 4_096)
          raw.write(RawFrame.bytes(opcode: 2, [wantsFarewell]))
          // Half closed as well, behind more than is read of it: its end is not seen, and does not keep the connection.
          for _ in 0..<8 { raw.write(RawFrame.bytes(opcode: 2, [9])) }
          raw.finishWriting()
          let end = try #require(await ends.next())
          #expect(end.error == PipeError(.writeDeadline, ""))
          #expect(end.isTold)
          #expect(end.mostBuffered <= 1024 * 1024)
          #expect(end.closure?.code == (wantsFarewell == 1 ? 4012 : 1006))
          #expect(end.closure?.byPeer == false)
          // What was on its way is gone with the reset: there is no end of a frame, and no close frame.
          #expect(try await raw.readToClose() == nil)
        })
      #expect(live.watched == 1 && live.alive == 0)
    }

    @Test func `a reader that stopped and reads on finds the farewell and its code at the end`() async throws {
      let ends = Seen<End>()
      let givenUp = Latch<Void>()
      try await withServer(
        Self.impatient(farewellSeconds: 120),
        onConnection: { pipe in await Self.pour(pipe, into: ends, onGivenUp: { givenUp.open(()) }) },
        { address, _ in
          let raw = try await RawSocket.webSocket(port: address.port, receiveBufferBytes: 4_096)
          raw.write(RawFrame.bytes(opcode: 2, [1]))
          await givenUp.wait()
          var last: [UInt8] = []
          var messages = 0
          while let message = try await raw.nextMessage() {
            last = message
            messages += 1
          }
          #expect(last == Self.farewell.message)
          #expect(raw.closeCode == Self.farewell.code)
          #expect(messages > 1, "what the system had taken was delivered")
          raw.cut()
          #expect(await ends.next()?.closure?.code == Self.farewell.code)
        })
    }

    @Test func `what a reader has taken is what it has read, whatever waits for it on this side`() async throws {
      let receiveBufferBytes: Int32 = 4_096
      // The system doubles the buffer that it is asked for; the rest is for the handshake.
      let unreadBytes = 4 * Int(receiveBufferBytes)
      let full = Seen<WebSocketPipe>()
      try await withServer(onConnection: { await Self.pourUntilCut($0, whenFull: full) }) { address, _ in
        let raw = try await RawSocket.webSocket(port: address.port, receiveBufferBytes: receiveBufferBytes)
        let pipe = try #require(await full.next())
        let before = await Self.takenBytes(of: pipe)
        #expect(before > 0 && before <= unreadBytes)
        // More than half of what the systems keep: what waits in this process moves on meanwhile.
        let readBytes = try await raw.read(count: 2_000_000).count
        let grownBytes = await Self.takenBytes(of: pipe) - before
        #expect(abs(grownBytes - readBytes) <= unreadBytes)
        raw.cut()
      }
    }

    /// Sends without end, and tells when the send buffer is nearly full.
    private static func pourUntilCut(_ pipe: any FramePipe, whenFull full: Seen<WebSocketPipe>) async {
      guard let pipe = pipe as? WebSocketPipe else { return }
      var isTold = false
      // It ends with the connection, as the test wants.
      while (try? await pipe.send([UInt8](repeating: 7, count: 60_000))) != nil {
        guard !isTold, pipe.bufferedBytes > 900_000 else { continue }
        isTold = true
        full.add(pipe)
      }
    }

    /// What the pipe would judge its peer by; asked on the loop's thread. -1 when the connection has ended.
    private static func takenBytes(of pipe: WebSocketPipe) async -> Int {
      await withCheckedContinuation { continuation in
        let isAsked = pipe.loop.submit {
          continuation.resume(returning: pipe.wire.connection.map { pipe.wire.takenBytes($0) } ?? -1)
        }
        if !isAsked { continuation.resume(returning: -1) }
      }
    }

    @Test func `the last word is the farewell, or what a queued close of our own comes with`() {
      var outbox = WebSocketPipe.Outbox()
      outbox.messages = [[1], [2], [3]]
      #expect(outbox.keepLastWord() == nil)
      #expect(outbox.messages.isEmpty && outbox.closing == nil)
      outbox.farewell = Self.farewell
      outbox.messages = [[1], [2], [3]]
      outbox.readIndex = 1
      #expect(outbox.keepLastWord() == Self.farewell.code)
      #expect(outbox.takeFirst() == Self.farewell.message)
      #expect(outbox.takeFirst() == nil)
      outbox.closing = (4014, "")
      outbox.messages = [[1], [2], [3]]
      outbox.readIndex = 1
      #expect(outbox.keepLastWord() == 4014)
      #expect(outbox.messages == [[3]] && outbox.readIndex == 0)
      outbox.closing = (1001, "the server stops")
      #expect(outbox.keepLastWord() == 1001)
      #expect(outbox.messages.isEmpty)
    }

    @Test func `the pace is good enough in each span in which enough is taken`() {
      var pace = ReadingPace(minimumBytes: 100)
      #expect(!pace.isMeasuring)
      pace.begin(takenBytes: -50)
      #expect(pace.isMeasuring)
      #expect(pace.judge(takenBytes: 50) == .goodEnough)
      #expect(pace.judge(takenBytes: 149) == .tooSlow)
      #expect(pace.judge(takenBytes: 249) == .goodEnough)
      #expect(pace.judge(takenBytes: 249) == .tooSlow)
      pace.rest()
      #expect(!pace.isMeasuring)
    }

    @Test func `others notice nothing of a crowd that never reads`() async throws {
      let ends = Seen<End>()
      try await withServer(
        Self.impatient(),
        onConnection: { pipe in
          if pipe.encoding == .json { await echo(pipe) } else { await Self.pour(pipe, into: ends) }
        },
        { address, _ in
          var crowd: [RawSocket] = []
          for _ in 0..<20 {
            let raw = try await RawSocket.webSocket(port: address.port, receiveBufferBytes: 4_096)
            raw.write(RawFrame.bytes(opcode: 2, [1]))
            crowd.append(raw)
          }
          let good = try await WebSocketClient.connect(url: address.webSocketURL, encoding: .json)
          for _ in crowd {
            let text = Array("still here".utf8)
            try await good.send(text)
            #expect(try await first(of: good) == text)
            #expect(await ends.next()?.error == PipeError(.writeDeadline, ""))
          }
          await good.close(code: 1000, reason: "")
        })
    }
  }
}
