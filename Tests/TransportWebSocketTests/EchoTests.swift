// Messages both ways over real sockets.
import RawSockets
import Testing
import Transport

@testable import TransportWebSocket

extension RealSockets {
  @Suite(.timeLimit(.minutes(5)))
  struct EchoTests {
    @Test func `binary messages come back in order`() async throws {
      try await withServer { address, _ in
        let pipe = try await WebSocketClient.connect(url: address.webSocketURL)
        #expect(pipe.encoding == .binary)
        #expect(pipe.tlsCertificateDigest == nil)
        let sender = Task {
          for number in 0..<500 { try await pipe.send([UInt8](repeating: UInt8(number % 251), count: 1 + number * 7)) }
        }
        var received = 0
        for try await message in pipe.incoming {
          #expect(message == [UInt8](repeating: UInt8(received % 251), count: 1 + received * 7))
          received += 1
          if received == 500 { break }
        }
        try await sender.value
        await pipe.close(code: 1000, reason: "done")
        #expect(received == 500)
        #expect(pipe.closure == PipeClosure(code: 1000, reason: "done", byPeer: false))
      }
    }

    @Test func `json messages travel as text`() async throws {
      try await withServer { address, _ in
        let raw = try await RawSocket.webSocket(port: address.port, subprotocol: "countersign.v1+json")
        raw.write(RawFrame.bytes(opcode: 1, Array("{}".utf8)))
        #expect(try await raw.read(count: 4) == [0x81, 2] + Array("{}".utf8))
        let pipe = try await WebSocketClient.connect(url: address.webSocketURL, encoding: .json)
        let text = Array("{\"grüße\":true}".utf8)
        try await pipe.send(text)
        #expect(try await first(of: pipe) == text)
        #expect(pipe.encoding == .json)
        await pipe.close(code: 1000, reason: "")
      }
    }

    @Test func `the longest messages of both encodings pass`() async throws {
      try await withServer { address, _ in
        for (encoding, count) in [(FrameEncoding.binary, 64 * 1024), (.json, 128 * 1024)] {
          let pipe = try await WebSocketClient.connect(url: address.webSocketURL, encoding: encoding)
          let message = [UInt8](repeating: 0x41, count: count)
          try await pipe.send(message)
          #expect(try await first(of: pipe) == message)
          await #expect(throws: PipeError(.messageTooLong, "")) { try await pipe.send(message + [0x41]) }
          await pipe.close(code: 1000, reason: "")
        }
      }
    }

    @Test func `TLS shows both sides the digest of the self-made certificate`() async throws {
      let certificate = try TestCertificate()
      let seen = Seen<[UInt8]?>()
      let configuration = WebSocketServerConfiguration(tls: certificate.tls)
      try await withServer(
        configuration,
        onConnection: { pipe in
          seen.add(pipe.tlsCertificateDigest)
          await echo(pipe)
        },
        { address, _ in
          let pipe = try await WebSocketClient.connect(url: address.webSocketURL)
          #expect(pipe.tlsCertificateDigest == certificate.made.certificateDigest)
          #expect(await seen.next() == certificate.made.certificateDigest)
          try await pipe.send([1, 2, 3])
          #expect(try await first(of: pipe) == [1, 2, 3])
          await pipe.close(code: 1000, reason: "")
        })
    }

    @Test func `an authority that the system does not know is refused`() async throws {
      let certificate = try TestCertificate()
      try await withServer(WebSocketServerConfiguration(tls: certificate.tls)) { address, _ in
        await #expect(throws: WebSocketError(.tls, "")) {
          _ = try await WebSocketClient.connect(url: address.webSocketURL, verification: .system)
        }
      }
    }

    @Test func `fragments and pings in between make one message`() async throws {
      try await withServer { address, _ in
        let raw = try await RawSocket.webSocket(port: address.port)
        raw.write(RawFrame.bytes(opcode: 2, isFinal: false, [1, 2]))
        raw.write(RawFrame.bytes(opcode: 9, [7]))
        raw.write(RawFrame.bytes(opcode: 0, isFinal: false, [3]))
        raw.write(RawFrame.bytes(opcode: 0, [4, 5]))
        #expect(try await raw.read(count: 10) == [0x8a, 1, 7, 0x82, 5, 1, 2, 3, 4, 5])
      }
    }

    @Test func `a consumer that lags pauses the wire and loses nothing`() async throws {
      let mayRead = Latch<Void>()
      let counted = Seen<Int>()
      try await withServer(
        onConnection: { pipe in
          await mayRead.wait()
          var count = 0
          do {
            for try await message in pipe.incoming {
              #expect(message.first == UInt8(count % 256))
              count += 1
            }
          } catch { Issue.record(error) }
          counted.add(count)
        },
        { address, _ in
          let pipe = try await WebSocketClient.connect(url: address.webSocketURL)
          // Far more than the buffers of both ends and the sockets between them hold.
          let sender = Task {
            for number in 0..<400 { try await pipe.send([UInt8(number % 256)] + [UInt8](repeating: 0, count: 60_000)) }
            await pipe.close(code: 1000, reason: "")
          }
          while pipe.bufferedBytes < 900_000 {
            try Task.checkCancellation()
            await Task.yield()
          }
          let waiting = Task { try await pipe.waitUntilWritable(below: 1000) }
          waiting.cancel()
          await #expect(throws: CancellationError.self) { try await waiting.value }
          #expect(pipe.bufferedBytes <= 1024 * 1024)
          mayRead.open(())
          try await sender.value
          #expect(await counted.next() == 400)
        })
    }
  }
}
