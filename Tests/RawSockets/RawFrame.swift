// WebSocket by hand: what a bare socket sends and what it makes of the answer.
import Synchronization

package enum RawFrame {
  package static let subprotocol = "countersign.v1"

  /// A request to become a WebSocket; without a subprotocol if there is none.
  package static func upgrade(subprotocol: String? = subprotocol) -> String {
    "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
      + (subprotocol.map { "Sec-WebSocket-Protocol: \($0)\r\n" } ?? "") + "\r\n"
  }

  /// A frame, masked unless told otherwise; the mask is zero, so the payload reads as it is. The announced length may be a
  /// lie.
  package static func bytes(
    opcode: UInt8, isFinal: Bool = true, isMasked: Bool = true, _ payload: [UInt8], announced: UInt64? = nil
  ) -> [UInt8] {
    let count = announced ?? UInt64(payload.count)
    let maskBit: UInt8 = isMasked ? 0x80 : 0
    var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | opcode]
    if count < 126 {
      bytes.append(maskBit | UInt8(count))
    } else if count <= 0xffff {
      bytes += [maskBit | 126, UInt8(count >> 8), UInt8(count & 0xff)]
    } else {
      bytes.append(maskBit | 127)
      for shift in stride(from: UInt64(56), through: 0, by: -8) { bytes.append(UInt8(count >> shift & 0xff)) }
    }
    return bytes + (isMasked ? [0, 0, 0, 0] : []) + payload
  }
}

/// What a bare socket has received and not yet given out.
final class RawBuffer: Sendable {
  private struct State {
    var bytes: [UInt8] = []
    var closeCode: UInt16?

    /// The length of the first whole frame, and where its payload is.
    var frame: (opcode: UInt8, payload: Range<Int>)? {
      guard bytes.count >= 2 else { return nil }
      let short = Int(bytes[1] & 0x7f)
      let head = short < 126 ? 2 : short == 126 ? 4 : 10
      guard bytes.count >= head else { return nil }
      let count = head == 2 ? short : bytes[2..<head].reduce(0) { $0 << 8 | Int($1) }
      return bytes.count >= head + count ? (bytes[0] & 0x0f, head..<head + count) : nil
    }
  }

  private let state = Mutex(State())

  /// The code of the server's close frame, once that was passed.
  var closeCode: UInt16? { state.withLock { $0.closeCode } }

  func append(_ piece: [UInt8]) { state.withLock { $0.bytes += piece } }

  /// Everything; nil if there is nothing.
  func takeAll() -> [UInt8]? {
    state.withLock { state in
      defer { state.bytes = [] }
      return state.bytes.isEmpty ? nil : state.bytes
    }
  }

  /// The head of an HTTP answer.
  func takeHead() -> [UInt8]? {
    state.withLock { state in
      let end = Array("\r\n\r\n".utf8)
      guard let start = state.bytes.indices.first(where: { state.bytes[$0...].starts(with: end) }) else { return nil }
      defer { state.bytes.removeFirst(start + end.count) }
      return Array(state.bytes.prefix(start + end.count))
    }
  }

  /// The next whole message; passes over control frames and notes a close.
  func takeMessage() -> [UInt8]? {
    state.withLock { state in
      while let (opcode, payload) = state.frame {
        let message = Array(state.bytes[payload])
        state.bytes.removeFirst(payload.upperBound)
        switch opcode {
        case 1, 2: return message
        case 8: state.closeCode = message.count < 2 ? 1005 : UInt16(message[0]) << 8 | UInt16(message[1])
        default: continue
        }
      }
      return nil
    }
  }
}
