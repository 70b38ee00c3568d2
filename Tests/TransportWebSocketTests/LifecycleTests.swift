// Starting, stopping, closing, and what is left behind.
import Foundation
import RawSockets
import Testing
import Transport

@testable import TransportWebSocket

extension RealSockets {
  @Suite(.timeLimit(.minutes(5)))
  struct LifecycleTests {
    @Test func `a close from the client reaches the server with code and reason`() async throws {
      let closures = Seen<PipeClosure?>()
      try await withServer(
        onConnection: { pipe in
          await echo(pipe)
          closures.add(pipe.closure)
        },
        { address, _ in
          let pipe = try await WebSocketClient.connect(url: address.webSocketURL)
          await pipe.close(code: 4001, reason: "the laptop sleeps")
          #expect(await closures.next() == PipeClosure(code: 4001, reason: "the laptop sleeps", byPeer: true))
          await #expect(throws: PipeError(.closed, "")) { try await pipe.send([1]) }
          await pipe.close(code: 1000, reason: "again")
          #expect(pipe.closure?.code == 4001)
        })
    }

    @Test func `an abandoned connection is waited for by nobody, though the peer reads nothing`() async throws {
      let mayEnd = Latch<Void>()
      try await withServer(
        onConnection: { _ in _ = await mayEnd.wait() },
        { address, _ in
          let pipe = try await WebSocketClient.connect(url: address.webSocketURL)
          // Until neither system takes more.
          while pipe.bufferedBytes < 512 * 1024 { try await pipe.send([UInt8](repeating: 7, count: 60_000)) }
          async let closed: Void = pipe.close(code: 1000, reason: "")
          pipe.abandon()
          await closed
          #expect(pipe.closure?.byPeer == false)
          await #expect(throws: PipeError(.closed, "")) { try await pipe.send([1]) }
          mayEnd.open(())
        })
    }

    @Test func `a close from the server comes after what it sent`() async throws {
      try await withServer(
        onConnection: { pipe in
          do {
            for number in UInt8(0)..<20 { try await pipe.send([number]) }
          } catch { Issue.record(error) }
          await pipe.close(code: 4100, reason: "replaced")
        },
        { address, _ in
          let pipe = try await WebSocketClient.connect(url: address.webSocketURL)
          var received: [UInt8] = []
          await #expect(throws: PipeError(.closed, "")) {
            for try await message in pipe.incoming { received += message }
          }
          #expect(received == Array(0..<20))
          #expect(pipe.closure == PipeClosure(code: 4100, reason: "replaced", byPeer: true))
        })
    }

    @Test func `a graceful stop closes with 1001 and waits for handlers`() async throws {
      let server = WebSocketServer(configuration: WebSocketServerConfiguration(), onConnection: echo)
      let address = try await server.start()
      let pipes = try await withThrowingTaskGroup(of: (any FramePipe).self) { group in
        for _ in 0..<10 { group.addTask { try await WebSocketClient.connect(url: address.webSocketURL) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      async let stopped: Void = server.stop(gracePeriodSeconds: 60)
      for pipe in pipes {
        for try await _ in pipe.incoming {}
        #expect(pipe.closure?.code == 1001)
        #expect(pipe.closure?.byPeer == true)
      }
      await stopped
      await server.stop(gracePeriodSeconds: 5)
      await #expect(throws: WebSocketError(.cannotConnect, "")) {
        _ = try await WebSocketClient.connect(url: address.webSocketURL)
      }
      await #expect(throws: WebSocketError(.notRunning, "")) { _ = try await server.start() }
    }

    @Test func `a stop in the middle of a start ends both`() async throws {
      for _ in 0..<30 {
        let server = WebSocketServer(configuration: WebSocketServerConfiguration(), onConnection: echo)
        let starting = Task { try await server.start() }
        await Task.yield()
        await server.stop(gracePeriodSeconds: 0)
        // Whether the start was over before the stop is open; nothing listens after it.
        guard case .success(let address) = await starting.result else { continue }
        #expect(throws: RawSocket.Failure.self) { _ = try RawSocket(port: address.port) }
      }
    }

    @Test func `a stop without grace ends clients that do not answer`() async throws {
      let server = WebSocketServer(configuration: WebSocketServerConfiguration(), onConnection: echo)
      let address = try await server.start()
      let silent = try await RawSocket.webSocket(port: address.port)
      let halfOpen = try RawSocket(port: address.port)
      await server.stop(gracePeriodSeconds: 0)
      // Reading throws where a connection is neither used nor ended.
      _ = try await silent.readToEnd()
      _ = try await halfOpen.readToEnd()
    }

    @Test func `only the asked address listens`() async throws {
      try await withServer { address, _ in
        #expect(address.host == "127.0.0.1")
        #expect(address.port != 0)
        let hexadecimalPort = String(address.port, radix: 16, uppercase: true)
        let port = ":" + String(repeating: "0", count: 4 - hexadecimalPort.count) + hexadecimalPort
        let listening = try ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { path in
          try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap { line -> Substring? in
            let fields = line.split(separator: " ")
            return fields.count > 3 && fields[1].hasSuffix(port) && fields[3] == "0A" ? fields[1] : nil
          }
        }
        #expect(listening == ["0100007F\(port)"])
      }
    }

    @Test func `a port in use and a strange address are clear errors`() async throws {
      try await withServer { address, _ in
        let second = WebSocketServer(
          configuration: WebSocketServerConfiguration(port: address.port), onConnection: echo)
        await #expect(throws: WebSocketError(.cannotListen, "")) { _ = try await second.start() }
        await second.stop(gracePeriodSeconds: 1)
        let strange = WebSocketServer(configuration: WebSocketServerConfiguration(host: "example"), onConnection: echo)
        await #expect(throws: WebSocketError(.badAddress, "")) { _ = try await strange.start() }
      }
    }

    @Test func `nobody listening is a clear error, and another machine needs TLS`() async throws {
      let address = try await withServer { address, _ in address }
      do {
        _ = try await WebSocketClient.connect(url: address.webSocketURL)
        Issue.record("connected to nobody")
      } catch let error as WebSocketError {
        #expect(error.code == .cannotConnect)
        #expect(error.message.contains("Nobody answers at 127.0.0.1:\(address.port)"))
      }
      await #expect(throws: WebSocketError(.badAddress, "")) {
        _ = try await WebSocketClient.connect(url: "ws://review.example.org")
      }
      await #expect(throws: WebSocketError(.badAddress, "")) { _ = try await WebSocketClient.connect(url: "ftp://127.0.0.1") }
    }

    @Test func `a server that never answers the handshake times out`() async throws {
      let listener = try SilentListener()
      await #expect(throws: WebSocketError(.timedOut, "")) {
        _ = try await WebSocketClient.connect(url: "ws://127.0.0.1:\(listener.port)", timeoutSeconds: 1)
      }
    }

    @Test func `an attempt is given up in time though the loop is busy with something else`() async throws {
      try await withServer { address, _ in
        let first = try await WebSocketClient.connect(url: address.webSocketURL)
        let pipe = try #require(first as? WebSocketPipe)
        let mayGoOn = DispatchSemaphore(value: 0)
        // As it is while it waits for a name server.
        pipe.loop.submit { mayGoOn.wait() }
        await #expect(throws: WebSocketError(.timedOut, "")) {
          _ = try await WebSocketClient.connect(url: address.webSocketURL, timeoutSeconds: 1)
        }
        mayGoOn.signal()
        await first.close(code: 1000, reason: "")
      }
    }

    @Test func `two hundred connections leave no pipe and no descriptor behind`() async throws {
      let live = LiveCount()
      let before = try openFiles()
      try await withServer(
        onConnection: { pipe in
          live.watch(pipe)
          await echo(pipe)
        },
        { address, _ in
          for round in 0..<200 {
            let pipe = try await WebSocketClient.connect(url: address.webSocketURL)
            live.watch(pipe)
            try await pipe.send([UInt8(round)])
            #expect(try await first(of: pipe) == [UInt8(round)])
            await pipe.close(code: 1000, reason: "")
          }
        })
      await WebSocketClient.shutDown()
      #expect(live.watched == 400)
      #expect(live.alive == 0)
      // Other suites open and close sockets meanwhile; one side of each connection would be two hundred.
      #expect(try openFiles() < before + 100)
    }

    private func openFiles() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }

    @Test func `servers start and stop again and again`() async throws {
      let before = try openFiles()
      for _ in 0..<20 { try await withServer { _, _ in } }
      // Other suites open and close sockets meanwhile; twenty leaked loops would hold a hundred descriptors.
      #expect(try openFiles() < before + 60)
    }
  }
}
