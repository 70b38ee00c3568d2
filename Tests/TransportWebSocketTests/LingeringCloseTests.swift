// What the server says last reaches a peer that goes on sending: its sockets linger, within bounds.
import Foundation
import RawSockets
import Testing
import Transport

@testable import TransportWebSocket

extension RealSockets {
  @Suite(.timeLimit(.minutes(5)))
  struct LingeringCloseTests {
    private static let frame = RawFrame.bytes(opcode: 2, [UInt8](repeating: 1, count: 50_000))

    /// Bytes are what bounds it: how long a loaded machine takes for them says nothing.
    private static var patient: WebSocketServerConfiguration {
      var configuration = WebSocketServerConfiguration()
      configuration.linger.milliseconds = 60_000
      return configuration
    }

    /// A server that answers the first message with a goodbye and closes.
    private static func curt(_ pipe: any FramePipe) async {
      do {
        _ = try await first(of: pipe)
        try await pipe.send(Array("goodbye".utf8))
      } catch { Issue.record(error) }
      await pipe.close(code: 4004, reason: "enough")
    }

    @Test func `a flood that nobody wanted does not destroy the goodbye`() async throws {
      try await withServer(Self.patient, onConnection: Self.curt) { address, _ in
        for _ in 0..<20 {
          let raw = try await RawSocket.webSocket(port: address.port)
          // More than the server reads before it closes, and all of it before the answer is read.
          for _ in 0..<40 { try await raw.writeAll(Self.frame) }
          #expect(try await raw.nextMessage() == Array("goodbye".utf8))
          #expect(try await raw.nextMessage() == nil)
          #expect(raw.closeCode == 4004)
        }
      }
    }

    @Test func `bytes that are no frames behind a refused message do not destroy its code`() async throws {
      try await withServer(Self.patient) { address, _ in
        for _ in 0..<20 {
          let raw = try await RawSocket.webSocket(port: address.port)
          let noise = [UInt8](repeating: 0xfb, count: 200_000)
          try await raw.writeAll(RawFrame.bytes(opcode: 2, [1, 2, 3], announced: 1 << 40) + noise)
          try await raw.writeAll(noise)
          #expect(try await raw.readToClose() == 1009)
        }
      }
    }

    @Test func `a body that nobody reads does not destroy the answer to it`() async throws {
      try await withServer(Self.patient) { address, _ in
        for _ in 0..<20 {
          let raw = try RawSocket(port: address.port)
          raw.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n")
          try await raw.writeAll([UInt8](repeating: 0x61, count: 1_000_000))
          #expect(try await String(decoding: raw.readToEnd(), as: UTF8.self).contains(" 413 "))
        }
      }
    }

    @Test func `a peer that neither reads nor closes is held no longer than the limit`() async throws {
      var configuration = WebSocketServerConfiguration()
      configuration.linger.milliseconds = 300
      configuration.linger.bytes = 100_000
      try await withServer(configuration, onConnection: Self.curt) { address, _ in
        let raw = try await RawSocket.webSocket(port: address.port)
        // It never answers the close frame and floods until the connection takes nothing more.
        await #expect(throws: RawSocket.Failure.self) {
          while true { try await raw.writeAll(Self.frame) }
        }
      }
    }

    @Test func `a stop does not destroy the close frame for a peer that is sending`() async throws {
      for _ in 0..<10 {
        let closing = Seen<Bool>()
        let server = WebSocketServer(
          configuration: WebSocketServerConfiguration(),
          onConnection: { pipe in
            await echo(pipe)
            closing.add(true)
          })
        let address = try await server.start()
        let raw = try await RawSocket.webSocket(port: address.port)
        async let stopped: Void = server.stop(gracePeriodSeconds: 60)
        _ = await closing.next()
        // All of it behind the beginning of the stop, and before anything is read.
        for _ in 0..<40 { try await raw.writeAll(Self.frame) }
        #expect(try await raw.readToClose() == 1001)
        raw.cut()
        await stopped
      }
    }

    @Test func `a stop waits for who goes on sending until the grace period is over`() async throws {
      let server = WebSocketServer(configuration: WebSocketServerConfiguration(), onConnection: Self.curt)
      let address = try await server.start()
      let raw = try await RawSocket.webSocket(port: address.port)
      raw.write(Self.frame)
      #expect(try await raw.nextMessage() == Array("goodbye".utf8))
      // It never closes its side, and is cut off.
      await server.stop(gracePeriodSeconds: 1)
      await #expect(throws: RawSocket.Failure.self) {
        while true { try await raw.writeAll(Self.frame) }
      }
    }

    @Test func `beyond the limit of sockets the oldest goes`() async throws {
      var configuration = WebSocketServerConfiguration()
      configuration.linger.milliseconds = 3_600_000
      configuration.linger.sockets = 3
      try await withServer(configuration, onConnection: Self.curt) { address, _ in
        var ended: [RawSocket] = []
        for _ in 0..<4 {
          let raw = try await RawSocket.webSocket(port: address.port)
          raw.write(Self.frame)
          #expect(try await raw.readToClose() == 4004)
          // The answer to the close frame, and the end of writing that follows it.
          raw.write(RawFrame.bytes(opcode: 8, [0x0f, 0xa4]))
          #expect(try await raw.readToEnd().isEmpty)
          ended.append(raw)
        }
        // Whoever is let go of is told so by a reset as soon as it writes; the others are still read.
        await #expect(throws: RawSocket.Failure.self) {
          while true { try await ended[0].writeAll([0]) }
        }
        for raw in ended.dropFirst() {
          for _ in 0..<10 { try await raw.writeAll(Self.frame) }
        }
      }
    }

    @Test func `whoever ends in order leaves no descriptor behind`() async throws {
      let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
      try await withServer(onConnection: Self.curt) { address, _ in
        for _ in 0..<50 {
          let pipe = try await WebSocketClient.connect(url: address.webSocketURL)
          try await pipe.send([1])
          await #expect(throws: PipeError(.closed, "")) { for try await _ in pipe.incoming {} }
          #expect(pipe.closure?.code == 4004)
        }
      }
      await WebSocketClient.shutDown()
      // Other suites open and close sockets meanwhile; fifty left sockets would stand out.
      #expect(try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count < before + 40)
    }
  }
}
