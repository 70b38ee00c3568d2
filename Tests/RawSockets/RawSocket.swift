// A bare TCP connection to a server on this machine, for peers that do not keep the rules.
import Dispatch
import Glibc

/// A socket that is closed with its owner. Reads give up after 30 seconds, so that a broken test ends.
final class RawSocket: Sendable {
  struct Failure: Error {}

  private let descriptor: Int32

  init(port: UInt16, receiveBufferBytes: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Failure() }
    var patience = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    if var size = receiveBufferBytes {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    // The address is a plain value of the size given.
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Failure() }
  }

  deinit { close(descriptor) }

  func write(_ bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }

  func write(_ text: String) { write(Array(text.utf8)) }

  /// No more will be written.
  func finishWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// What comes next; empty at the end.
  func readSome() async -> [UInt8] {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { [self] in
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        continuation.resume(returning: Array(buffer.prefix(max(0, count))))
      }
    }
  }

  /// Everything up to and with the given text, or up to the end.
  func read(through text: String) async -> String {
    var all: [UInt8] = []
    while !String(decoding: all, as: UTF8.self).contains(text) {
      let piece = await readSome()
      if piece.isEmpty { break }
      all += piece
    }
    return String(decoding: all, as: UTF8.self)
  }

  /// Exactly so many bytes, or fewer at the end.
  func read(count: Int) async -> [UInt8] {
    var all: [UInt8] = []
    while all.count < count {
      let piece = await readSome()
      if piece.isEmpty { break }
      all += piece
    }
    return all
  }

  func readToEnd() async -> [UInt8] { await read(count: .max) }

  /// A connection that has done the WebSocket handshake.
  static func webSocket(
    port: UInt16, subprotocol: String = "countersign.v1", receiveBufferBytes: Int32? = nil
  ) async throws -> RawSocket {
    let raw = try RawSocket(port: port, receiveBufferBytes: receiveBufferBytes)
    raw.write(handshake(subprotocol: subprotocol))
    let answer = await raw.read(through: "\r\n\r\n")
    guard answer.hasPrefix("HTTP/1.1 101"), answer.hasSuffix("\r\n\r\n") else { throw Failure() }
    return raw
  }

  static func handshake(subprotocol: String?) -> String {
    "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
      + (subprotocol.map { "Sec-WebSocket-Protocol: \($0)\r\n" } ?? "") + "\r\n"
  }

  /// A masked client frame; the mask is zero, so the payload reads as it is.
  static func frame(opcode: UInt8, isFinal: Bool = true, _ payload: [UInt8], announcedCount: UInt64? = nil) -> [UInt8] {
    let count = announcedCount ?? UInt64(payload.count)
    var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | opcode]
    if count < 126 {
      bytes.append(0x80 | UInt8(count))
    } else if count <= 0xffff {
      bytes += [0x80 | 126, UInt8(count >> 8), UInt8(count & 0xff)]
    } else {
      bytes.append(0x80 | 127)
      for shift in stride(from: UInt64(56), through: 0, by: -8) { bytes.append(UInt8(count >> shift & 0xff)) }
    }
    return bytes + [0, 0, 0, 0] + payload
  }
}
