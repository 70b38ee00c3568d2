// Puts the fragments of one message together, and refuses what is too long or of the wrong kind before it is kept.
// Pure: pieces in, a verdict out.
import Transport

/// One message in the making; never holds more than the limit.
struct MessageAssembly {
  enum Verdict: Equatable {
    case needMore
    case whole([UInt8])
    /// The connection must be closed with this code.
    case refuse(code: UInt16, reason: String)
  }

  private let encoding: FrameEncoding
  private let limitBytes: Int
  private var bytes: [UInt8] = []

  init(encoding: FrameEncoding, limitBytes: Int) {
    self.encoding = encoding
    self.limitBytes = limitBytes
  }

  /// - Parameters:
  ///   - remainingBytes: what the current fragment's header announces beyond this piece; hostile.
  ///   - isFinal: whether this piece ends the message.
  mutating func add(_ piece: UnsafeRawBufferPointer, isBinary: Bool, remainingBytes: UInt, isFinal: Bool) -> Verdict {
    guard isBinary == (encoding == .binary) else {
      return .refuse(code: 1003, reason: isBinary ? "text messages only" : "binary messages only")
    }
    let room = limitBytes - bytes.count
    guard piece.count <= room, remainingBytes <= UInt(room - piece.count) else {
      bytes = []
      return .refuse(code: 1009, reason: "message over \(limitBytes) bytes")
    }
    bytes.append(contentsOf: piece)
    guard isFinal else { return .needMore }
    let message = bytes
    bytes = []
    guard encoding == .binary || String(validating: message, as: UTF8.self) != nil else {
      return .refuse(code: 1007, reason: "not UTF-8")
    }
    return .whole(message)
  }
}
