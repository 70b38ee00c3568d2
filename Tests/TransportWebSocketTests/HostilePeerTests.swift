// Peers that break the rules lose their connection; nobody else notices.
import Foundation
import RawSockets
import Testing
import Transport

@testable import TransportWebSocket

extension RealSockets {
  @Suite(.timeLimit(.minutes(5)))
  struct HostilePeerTests {
    /// One round trip on a connection that keeps the rules.
    private func check(_ pipe: any FramePipe) async throws {
      try await pipe.send([9, 9])
      #expect(try await first(of: pipe) == [9, 9])
    }

    @Test func `an oversized message closes with 1009 while another client goes on`() async throws {
      try await withServer { address, _ in
        let good = try await WebSocketClient.connect(url: address.webSocketURL)
        var generous = PipeLimits()
        generous.maximumBinaryMessageBytes = 1024 * 1024
        let bad = try await WebSocketClient.connect(url: address.webSocketURL, limits: generous)
        try await bad.send([UInt8](repeating: 1, count: 70_000))
        await #expect(throws: PipeError(.closed, "")) { _ = try await first(of: bad) }
        #expect(bad.closure?.code == 1009)
        #expect(bad.closure?.byPeer == true)
        try await check(good)
        await good.close(code: 1000, reason: "")
      }
    }

    @Test func `an announced terabyte is refused at its header`() async throws {
      try await withServer { address, _ in
        let raw = try await RawSocket.webSocket(port: address.port)
        raw.write(RawFrame.bytes(opcode: 2, [1, 2, 3], announced: 1 << 40))
        #expect(try await raw.readToClose() == 1009)
      }
    }

    @Test func `endless fragments are refused at the limit`() async throws {
      try await withServer { address, _ in
        let raw = try await RawSocket.webSocket(port: address.port)
        raw.write(RawFrame.bytes(opcode: 2, isFinal: false, [UInt8](repeating: 1, count: 60_000)))
        for _ in 0..<6 { raw.write(RawFrame.bytes(opcode: 0, isFinal: false, [UInt8](repeating: 1, count: 1000))) }
        #expect(try await raw.readToClose() == 1009)
      }
    }

    @Test(arguments: [
      ("countersign.v1", UInt8(1), [UInt8(65)], 1003), ("countersign.v1+json", 2, [65], 1003),
      ("countersign.v1+json", 1, [0xff, 0xfe], 1007),
    ])
    func `the wrong kind of message closes with its code`(
      subprotocol: String, opcode: UInt8, payload: [UInt8], code: UInt16
    ) async throws {
      try await withServer { address, _ in
        let raw = try await RawSocket.webSocket(port: address.port, subprotocol: subprotocol)
        raw.write(RawFrame.bytes(opcode: opcode, payload))
        #expect(try await raw.readToClose() == code)
      }
    }

    @Test(arguments: [nil, "http", "other.v9", "countersign.v2"])
    func `a client without our subprotocol is refused at the handshake`(subprotocol: String?) async throws {
      try await withServer { address, _ in
        let raw = try RawSocket(port: address.port)
        raw.write(RawFrame.upgrade(subprotocol: subprotocol))
        let answer = String(decoding: try await raw.readToEnd(), as: UTF8.self)
        #expect(answer.contains("400 Bad Request"))
      }
    }

    @Test func `garbage and cut frames end their own connection only`() async throws {
      try await withServer { address, _ in
        let good = try await WebSocketClient.connect(url: address.webSocketURL)
        let noise: [UInt8] = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        let garbage = try RawSocket(port: address.port)
        garbage.write(noise)
        garbage.finishWriting()
        _ = try await garbage.readToEnd()
        let cut = try await RawSocket.webSocket(port: address.port)
        cut.write(Array(RawFrame.bytes(opcode: 2, [UInt8](repeating: 1, count: 500)).prefix(100)))
        cut.finishWriting()
        _ = try await cut.readToEnd()
        let badOpcode = try await RawSocket.webSocket(port: address.port)
        badOpcode.write(RawFrame.bytes(opcode: 0xb, [1]))
        #expect(try await badOpcode.readToClose() == 1002)
        try await check(good)
        await good.close(code: 1000, reason: "")
      }
    }

    @Test(arguments: [(7_000, true), (20_000, false)])
    func `headers up to the limit are served, and over it lose the connection without an answer`(
      count: Int, isServed: Bool
    ) async throws {
      try await withServer(onRequest: { _ in .text(200, "served") }) { address, _ in
        let raw = try RawSocket(port: address.port)
        raw.write("GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + String(repeating: "x", count: count) + "\r\n\r\n")
        let answer = String(decoding: try await raw.readToEnd(), as: UTF8.self)
        #expect(isServed ? answer.hasSuffix("served") : answer.isEmpty, "\(answer)")
      }
    }

    @Test(arguments: [true, false])
    func `a second request behind the first one is not waited for`(hasBody: Bool) async throws {
      let mayAnswer = Latch<Void>()
      try await withServer(
        onRequest: { request in
          if request.path == "/slow" { await mayAnswer.wait() }
          return .text(200, "served")
        },
        { address, _ in
          let head = hasBody ? "POST /slow HTTP/1.1\r\nContent-Length: 3\r\n" : "GET /slow HTTP/1.1\r\n"
          let raw = try RawSocket(port: address.port)
          raw.write(head + "Host: a\r\n\r\n" + (hasBody ? "abc" : "") + "GET /second HTTP/1.1\r\nHost: a\r\n\r\n")
          if hasBody {
            // What comes behind a body ends the connection; the answer is not even waited for.
            #expect(try await raw.readToEnd().isEmpty)
          }
          let other = try RawSocket(port: address.port)
          other.write("GET /fast HTTP/1.1\r\nHost: a\r\n\r\n")
          #expect(try await String(decoding: other.readToEnd(), as: UTF8.self).hasSuffix("served"))
          mayAnswer.open(())
          let answers = String(decoding: try await raw.readToEnd(), as: UTF8.self).components(separatedBy: " 200 ").count - 1
          #expect(answers == (hasBody ? 0 : 1))
        })
    }

    @Test(arguments: ["+3", "-3", "3x", "0x3", "3, 3", "99999999999999999999"])
    func `a length that is not a number of bytes is refused`(length: String) async throws {
      try await withServer(
        onRequest: { _ in .text(200, "served") },
        { address, _ in
          let raw = try RawSocket(port: address.port)
          raw.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\nabc")
          let answer = String(decoding: try await raw.readToEnd(), as: UTF8.self)
          #expect(!answer.contains(" 200 "), "\(answer)")
        })
    }

    @Test(arguments: ["h2c", "foo", "websocket, h2c", ""])
    func `nobody changes to anything but a WebSocket`(upgrade: String) async throws {
      try await withServer { address, _ in
        let raw = try RawSocket(port: address.port)
        raw.write(
          RawFrame.upgrade().replacingOccurrences(of: "Upgrade: websocket", with: "Upgrade: \(upgrade)")
            .replacingOccurrences(
              of: "Sec-WebSocket-Key", with: "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nSec-WebSocket-Key"))
        let answer = String(decoding: try await raw.readToEnd(), as: UTF8.self)
        #expect(!answer.contains(" 101 "), "\(answer)")
      }
    }

    @Test func `a thousand half-open connections do not hold up a client`() async throws {
      var configuration = WebSocketServerConfiguration()
      configuration.handshakeDeadlineSeconds = 3
      try await withServer(configuration) { address, _ in
        let silent = try (0..<1000).map { _ in try RawSocket(port: address.port) }
        let good = try await WebSocketClient.connect(url: address.webSocketURL)
        for _ in 0..<50 { try await check(good) }
        // The deadline ends them; a slow trickle does not buy more time.
        for raw in silent { raw.write("G") }
        for raw in silent { #expect(try await raw.readToEnd().isEmpty) }
        try await check(good)
        await good.close(code: 1000, reason: "")
      }
    }

    @Test func `deadlines that fire during the handshake harm nobody else`() async throws {
      var configuration = WebSocketServerConfiguration()
      configuration.handshakeDeadlineSeconds = 0
      try await withServer(configuration) { address, _ in
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 0..<200 {
            group.addTask {
              guard number % 2 == 0 else {
                let raw = try RawSocket(port: address.port)
                raw.write("GET")
                _ = try await raw.readToEnd()
                return
              }
              // Whether it wins against its deadline is open; that it ends is what counts.
              guard let pipe = try? await WebSocketClient.connect(url: address.webSocketURL) else { return }
              await pipe.close(code: 1000, reason: "")
            }
          }
          try await group.waitForAll()
        }
      }
      try await withServer { address, _ in
        let good = try await WebSocketClient.connect(url: address.webSocketURL)
        try await check(good)
        await good.close(code: 1000, reason: "")
      }
    }

    @Test func `connections over the maximum are refused, and room is given back`() async throws {
      var configuration = WebSocketServerConfiguration()
      configuration.maximumConnections = 1
      try await withServer(configuration) { address, _ in
        let only = try await WebSocketClient.connect(url: address.webSocketURL)
        await #expect(throws: WebSocketError.self) { _ = try await WebSocketClient.connect(url: address.webSocketURL) }
        try await check(only)
        await only.close(code: 1000, reason: "")
        let next = try await connectedAtLast(to: address)
        try await check(next)
        await next.close(code: 1000, reason: "")
      }
    }

    @Test func `one network is refused beyond its share, and room is given back`() async throws {
      var configuration = WebSocketServerConfiguration()
      configuration.maximumConnectionsPerNetwork = 2
      // From this machine connections without bounds would come.
      try await withServer(configuration) { address, _ in
        var pipes: [any FramePipe] = []
        for _ in 1...4 { pipes.append(try await WebSocketClient.connect(url: address.webSocketURL)) }
        for pipe in pipes { await pipe.close(code: 1000, reason: "") }
      }
      configuration.boundsLoopback = true
      try await withServer(configuration) { address, _ in
        let first = try await WebSocketClient.connect(url: address.webSocketURL)
        let second = try await WebSocketClient.connect(url: address.webSocketURL)
        await #expect(throws: WebSocketError.self) { _ = try await WebSocketClient.connect(url: address.webSocketURL) }
        try await check(first)
        await first.close(code: 1000, reason: "")
        let next = try await connectedAtLast(to: address)
        for pipe in [second, next] {
          try await check(pipe)
          await pipe.close(code: 1000, reason: "")
        }
      }
    }

    /// Tries until there is room: the server may learn of an end later than the client does. The time limit ends it.
    private func connectedAtLast(to address: BoundAddress) async throws -> any FramePipe {
      while true {
        do {
          return try await WebSocketClient.connect(url: address.webSocketURL)
        } catch {
          try Task.checkCancellation()
        }
      }
    }
  }
}
