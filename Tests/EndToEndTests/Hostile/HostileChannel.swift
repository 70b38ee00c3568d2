// Two ways to carry messages to a server: the library's client, which keeps WebSocket's rules, and a bare socket.
import Dispatch
import Glibc
import ProcessHarness
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

/// A TCP connection without any manners; it is cut when its owner lets go of it. Reads and writes give up after 30 seconds.
final class RawConnection: HostileChannel, Sendable {
  let encoding = FrameEncoding.binary
  let certificateDigest: [UInt8]? = nil
  private let descriptor: Int32
  private let received = RawBuffer()

  init(port: UInt16, receiveBufferBytes: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw HarnessError("no socket: \(errno)") }
    var patience = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    if var size = receiveBufferBytes {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    // Safe: the address is a plain value of the size given, and lives until the call has returned.
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw HarnessError("no connection: \(errno)") }
  }

  deinit { close(descriptor) }

  /// A connection that has become a WebSocket.
  static func webSocket(port: UInt16, receiveBufferBytes: Int32? = nil) async throws -> RawConnection {
    let raw = try RawConnection(port: port, receiveBufferBytes: receiveBufferBytes)
    try await raw.write(Array(RawFrame.upgrade.utf8))
    let answer = String(decoding: await raw.readHead(), as: UTF8.self)
    guard answer.hasPrefix("HTTP/1.1 101") else { throw HarnessError("no WebSocket: \(answer.prefix(80))") }
    return raw
  }

  /// Ends both directions at once; a read or write that waits gives up.
  func cut() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  func finishWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

  func write(_ bytes: [UInt8]) async throws {
    let isWritten = await offPool { [self] in
      var sent = 0
      while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes { rest in
          // Safe: the bytes are lent for the duration of the call.
          Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }
    guard isWritten else { throw HarnessError("the connection takes nothing more") }
  }

  /// Everything up to the end of the connection.
  func readToEnd() async -> [UInt8] {
    while await readMore() {}
    return received.takeAll()
  }

  private func readHead() async -> [UInt8] {
    while true {
      if let head = received.takeHead() { return head }
      guard await readMore() else { return received.takeAll() }
    }
  }

  private func readMore() async -> Bool {
    let piece = await offPool { [self] in
      var buffer = [UInt8](repeating: 0, count: 64 << 10)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      return Array(buffer.prefix(max(0, count)))
    }
    received.append(piece)
    return !piece.isEmpty
  }

  private func offPool<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: work()) }
    }
  }

  // MARK: HostileChannel

  var closeCode: UInt16? { received.closeCode }

  func send(_ message: [UInt8]) async throws { try await write(RawFrame.bytes(opcode: 2, message)) }

  func next() async throws -> [UInt8]? {
    while true {
      if let message = received.takeMessage() { return message }
      guard received.closeCode == nil, await readMore() else { return nil }
    }
  }
}
