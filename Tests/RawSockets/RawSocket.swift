// A bare TCP connection to a server on this machine, for peers that do not keep the rules. It knows no TLS, and of
// WebSocket only what it takes to speak it badly.
import Dispatch
import Glibc

/// A socket that is closed with its owner. Reads and writes give up after a while, so that a broken test ends; they throw then,
/// because a server that keeps a connection and is silent must not pass for one that has ended it.
package final class RawSocket: Sendable {
  /// There is no connection, or it takes nothing more.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
      self.description = description
    }
  }

  /// The server neither ended the connection nor did anything with it for as long as is waited.
  package struct Impatience: Error, CustomStringConvertible {
    package var description: String { "nothing moved for \(RawSocket.patienceSeconds) s" }
  }

  private static let patienceSeconds = 60

  private let descriptor: Int32
  private let received = RawBuffer()

  /// - Parameter receiveBufferBytes: how little the system may keep for a reader that does not read.
  package init(port: UInt16, receiveBufferBytes: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Failure("no socket: \(errno)") }
    var patience = timeval(tv_sec: Self.patienceSeconds, tv_usec: 0)
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
    guard result == 0 else { throw Failure("no connection: \(errno)") }
  }

  deinit { close(descriptor) }

  /// A connection that has done the WebSocket handshake.
  package static func webSocket(
    port: UInt16, subprotocol: String = RawFrame.subprotocol, receiveBufferBytes: Int32? = nil
  ) async throws -> RawSocket {
    let raw = try RawSocket(port: port, receiveBufferBytes: receiveBufferBytes)
    try await raw.writeAll(Array(RawFrame.upgrade(subprotocol: subprotocol).utf8))
    let answer = try await raw.readHead()
    guard answer.hasPrefix("HTTP/1.1 101") else { throw Failure("no WebSocket: \(answer.prefix(80))") }
    return raw
  }

  // MARK: Ending

  /// No more will be written; the other direction stays open.
  package func finishWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Ends both directions at once; a read or write that waits gives up.
  package func cut() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  // MARK: Writing

  /// Gives bytes to the system as far as it takes them at once; whether the server still listens does not matter.
  package func write(_ bytes: [UInt8]) {
    // Safe: the bytes are lent for the duration of the call.
    _ = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }

  package func write(_ text: String) { write(Array(text.utf8)) }

  /// Writes all bytes, waiting for a server that reads slowly. Throws `Failure` when the connection takes nothing more.
  package func writeAll(_ bytes: [UInt8]) async throws {
    let reason: Int32? = await offPool { [self] in
      var sent = 0
      while sent < bytes.count {
        // Safe: the bytes are lent for the duration of the call.
        let count = bytes[sent...].withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard count > 0 else { return errno }
        sent += count
      }
      return nil
    }
    guard let reason else { return }
    if reason == EAGAIN { throw Impatience() }
    throw Failure("the connection takes nothing more")
  }

  // MARK: Reading

  /// What comes next; empty at the end, however it came.
  package func readSome() async throws -> [UInt8] {
    if let kept = received.takeAll() { return kept }
    return try await receive()
  }

  /// At least so many bytes, or fewer at the end.
  package func read(count: Int) async throws -> [UInt8] {
    var all: [UInt8] = []
    while all.count < count {
      let piece = try await readSome()
      if piece.isEmpty { break }
      all += piece
    }
    return all
  }

  package func readToEnd() async throws -> [UInt8] { try await read(count: .max) }

  /// The head of an HTTP answer; what came behind it is kept for the next read.
  package func readHead() async throws -> String {
    while true {
      if let head = received.takeHead() { return String(decoding: head, as: UTF8.self) }
      let piece = try await receive()
      if piece.isEmpty { return String(decoding: received.takeAll() ?? [], as: UTF8.self) }
      received.append(piece)
    }
  }

  /// The next whole WebSocket message; nil after a close frame or at the end. Control frames are passed over.
  package func nextMessage() async throws -> [UInt8]? {
    while true {
      if let message = received.takeMessage() { return message }
      guard received.closeCode == nil else { return nil }
      let piece = try await receive()
      if piece.isEmpty { return nil }
      received.append(piece)
    }
  }

  /// The code of the server's close frame, once that was passed by `nextMessage`.
  package var closeCode: UInt16? { received.closeCode }

  /// Reads messages up to the close frame, and answers with its code; nil if the connection ended without one.
  package func readToClose() async throws -> UInt16? {
    while try await nextMessage() != nil {}
    return closeCode
  }

  /// Empty at the end, however it came.
  private func receive() async throws -> [UInt8] {
    let piece: [UInt8]? = await offPool { [self] in
      var buffer = [UInt8](repeating: 0, count: 64 << 10)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count < 0, errno == EAGAIN { return nil }
      return Array(buffer.prefix(max(0, count)))
    }
    guard let piece else { throw Impatience() }
    return piece
  }

  /// Blocking calls do not belong on the threads that tasks run on.
  private func offPool<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: work()) }
    }
  }
}
