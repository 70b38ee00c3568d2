// Frames of both sides and the bodies of HTTP, in both encodings: what is read can be written, and reads the same again in
// either encoding.
import SyncProtocol

enum FrameTargets {
  static let all: [FuzzTarget] =
    WireEncoding.allCases.flatMap { encoding in
      [
        FuzzTarget("client-frame-\(encoding)", inputByteLimit: 8_192) { try clientFrame($0, encoding) },
        FuzzTarget("server-frame-\(encoding)", inputByteLimit: 8_192) { try serverFrame($0, encoding) },
      ]
    } + [FuzzTarget("http-body", inputByteLimit: 8_192, read: body)]

  private static func clientFrame(_ bytes: [UInt8], _ encoding: WireEncoding) throws -> Bool {
    try roundTrip(
      bytes, encoding, read: { try? FrameCodec.decodeClientFrame($0, as: $1) }, write: { try? FrameCodec.encode($0, as: $1) })
  }

  private static func serverFrame(_ bytes: [UInt8], _ encoding: WireEncoding) throws -> Bool {
    try roundTrip(
      bytes, encoding, read: { try? FrameCodec.decodeServerFrame($0, as: $1) }, write: { try? FrameCodec.encode($0, as: $1) })
  }

  /// The first byte chooses message and encoding.
  static let bodies = ["request", "response", "server", "problem"]

  private static func body(_ bytes: [UInt8]) throws -> Bool {
    guard let choice = Choice(bytes, of: bodies.count * 2) else { return false }
    let encoding: WireEncoding = choice.number % 2 == 0 ? .binary : .json
    switch bodies[choice.number / 2] {
    case "request":
      return try roundTrip(
        choice.rest, encoding, read: { try? EnrolRequest($0, as: $1) }, write: { try? $0.encoded(as: $1) })
    case "response":
      return try roundTrip(
        choice.rest, encoding, read: { try? EnrolResponse($0, as: $1) }, write: { try? $0.encoded(as: $1) })
    case "server":
      return try roundTrip(choice.rest, encoding, read: { try? ServerInfo($0, as: $1) }, write: { try? $0.encoded(as: $1) })
    default:
      return try roundTrip(choice.rest, encoding, read: { try? Problem($0, as: $1) }, write: { try? $0.encoded(as: $1) })
    }
  }

  /// Nothing here comes near the limits of a frame, so whatever was read must be writable.
  private static func roundTrip<Value: Equatable>(
    _ bytes: [UInt8], _ encoding: WireEncoding, read: ([UInt8], WireEncoding) -> Value?,
    write: (Value, WireEncoding) -> [UInt8]?
  ) throws -> Bool {
    guard let value = read(bytes, encoding) else { return false }
    for other in WireEncoding.allCases {
      guard let written = write(value, other) else { throw BrokenPromise("what was read cannot be written as \(other)") }
      try BrokenPromise.unless(read(written, other) == value, "written as \(other) it reads as something else")
      guard let again = read(written, other).flatMap({ write($0, other) }) else { continue }
      try BrokenPromise.unless(again == written, "written twice as \(other) it differs")
    }
    return true
  }
}
