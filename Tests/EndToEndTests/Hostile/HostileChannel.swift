// Two ways to carry messages to a server: the library's client, which keeps WebSocket's rules, and a bare socket.
import RawSockets
import Transport
import TransportWebSocket

protocol HostileChannel: AnyObject {
  var encoding: FrameEncoding { get }
  var certificateDigest: [UInt8]? { get }
  /// The code of the close frame that came, once the connection has ended.
  var closeCode: UInt16? { get }

  func send(_ message: [UInt8]) async throws
  /// The next message; nil at the end, however that came.
  func next() async throws -> [UInt8]?
}

/// The library's client, which may send more than a server takes.
final class PipeChannel: HostileChannel {
  let pipe: any FramePipe
  private var iterator: IncomingFrames.Iterator

  init(url: String, encoding: FrameEncoding = .binary) async throws {
    var limits = PipeLimits()
    limits.maximumBinaryMessageBytes = 1 << 20
    limits.maximumJSONMessageBytes = 1 << 20
    pipe = try await WebSocketClient.connect(url: url, encoding: encoding, limits: limits)
    iterator = pipe.incoming.makeAsyncIterator()
  }

  var encoding: FrameEncoding { pipe.encoding }
  var certificateDigest: [UInt8]? { pipe.tlsCertificateDigest }
  var closeCode: UInt16? { pipe.closure?.code }

  func send(_ message: [UInt8]) async throws { try await pipe.send(message) }

  func next() async throws -> [UInt8]? {
    do {
      return try await iterator.next()
    } catch is PipeError {
      return nil
    }
  }
}

/// A bare socket: plain text, and no rules at all.
extension RawSocket: HostileChannel {
  var encoding: FrameEncoding { .binary }
  var certificateDigest: [UInt8]? { nil }

  func send(_ message: [UInt8]) async throws { try await writeAll(RawFrame.bytes(opcode: 2, message)) }

  func next() async throws -> [UInt8]? { try await nextMessage() }
}
