// Bytes that are no WebSocket, or a WebSocket that lies about itself.
import ProcessHarness
import RawSockets
import ReviewModel
import SyncProtocol
import Testing

extension HostilePaceTests {
  /// Bytes that look random and are the same every time.
  private static let noise: [UInt8] = (0..<20_000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 11) }

  @Test func `noise in place of a request loses its connection`() async throws {
    let ground = try HostileGround.current()
    try await ground.undisturbed {
      for length in [1, 7, 300, 20_000] {
        let raw = try RawSocket(port: try ground.port())
        try await raw.writeAll(Array(Self.noise.prefix(length)))
        raw.finishWriting()
        #expect(try await !String(decoding: raw.readToEnd(), as: UTF8.self).contains(" 200 "))
      }
    }
  }

  @Test func `noise in an open WebSocket loses its connection`() async throws {
    let ground = try HostileGround.current()
    let device = try await HostileDevice.enrolled(on: ground)
    try await ground.undisturbed {
      let raw = try await RawSocket.webSocket(port: try ground.port())
      _ = try await HostileSession(raw).open(as: device)
      // A reserved opcode first, so that it is surely no frame.
      try await raw.writeAll(RawFrame.bytes(opcode: 0xb, Array(Self.noise.prefix(100))))
      while try await raw.next() != nil {}
      #expect(raw.closeCode == 1002)
    }
  }

  @Test func `an announced terabyte is refused at its header`() async throws {
    let ground = try HostileGround.current()
    try await ground.undisturbed {
      let raw = try await RawSocket.webSocket(port: try ground.port())
      try await raw.writeAll(RawFrame.bytes(opcode: 2, [1, 2, 3], announced: 1 << 40))
      #expect(try await raw.next() == nil)
      #expect(raw.closeCode == 1009)
    }
  }

  @Test func `a message in endless fragments is refused at the limit`() async throws {
    let ground = try HostileGround.current()
    try await ground.undisturbed {
      let raw = try await RawSocket.webSocket(port: try ground.port())
      try await raw.writeAll(RawFrame.bytes(opcode: 2, isFinal: false, [UInt8](repeating: 1, count: 60_000)))
      for _ in 0..<6 { try await raw.writeAll(RawFrame.bytes(opcode: 0, isFinal: false, [UInt8](repeating: 1, count: 1_000))) }
      #expect(try await raw.next() == nil)
      #expect(raw.closeCode == 1009)
    }
  }

  @Test func `a frame that breaks off in the middle decides nothing`() async throws {
    let ground = try HostileGround.current()
    var device = try await HostileDevice.enrolled(on: ground)
    try await ground.undisturbed {
      let raw = try await RawSocket.webSocket(port: try ground.port())
      _ = try await HostileSession(raw).open(as: device)
      let push = try FrameCodec.encode(.push(Push(envelopes: [device.campaign()])), as: .binary)
      try await raw.writeAll(Array(RawFrame.bytes(opcode: 2, push).dropLast(1)))
      raw.finishWriting()
      while try await raw.next() != nil {}
      let again = HostileSession(try await RawSocket.webSocket(port: try ground.port()))
      #expect(try await again.open(as: device).lanes.map(\.lastNumber) == [1])
      try await again.leave()
    }
  }
}

extension HostileClientTests {
  @Test func `plain bytes in place of TLS lose their connection`() async throws {
    let ground = try HostileGround.current()
    try await ground.undisturbed {
      // A request, the head of a TLS record that lies about its length, and nothing.
      for bytes in [Array(RawFrame.upgrade().utf8), [0x16, 3, 1, 0xff, 0xff, 1, 2, 3], [UInt8](repeating: 0, count: 9_000)] {
        let raw = try RawSocket(port: try ground.port())
        try await raw.writeAll(bytes)
        raw.finishWriting()
        #expect(try await !String(decoding: raw.readToEnd(), as: UTF8.self).contains(" 101 "))
      }
    }
  }
}
