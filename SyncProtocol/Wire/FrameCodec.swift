// Frames to bytes and back, in both encodings. Decoding is total: any bytes either are a valid frame or throw.
import Foundation
import SwiftProtobuf

/// How frames are written in a session: the subprotocol says which.
package enum WireEncoding: Sendable, Hashable, CaseIterable {
  /// Protobuf in binary messages, subprotocol `countersign.v1`.
  case binary
  /// Proto3 JSON in text messages, subprotocol `countersign.v1+json`.
  case json

  package var frameByteLimit: Int {
    switch self {
    case .binary: WireLimits.frameBytes
    case .json: WireLimits.jsonFrameBytes
    }
  }
}

/// The way from frames to bytes and back.
package enum FrameCodec {
  /// The bytes of one frame. Throws `tooLarge` if they are more than a frame may have: lists must be split before.
  package static func encode(_ frame: ClientFrame, as encoding: WireEncoding) throws(WireError) -> [UInt8] {
    try encode(message: frame.wire, as: encoding)
  }

  /// The bytes of one frame. Throws `tooLarge` if they are more than a frame may have: lists must be split before.
  package static func encode(_ frame: ServerFrame, as encoding: WireEncoding) throws(WireError) -> [UInt8] {
    try encode(message: frame.wire, as: encoding)
  }

  package static func decodeClientFrame(_ bytes: [UInt8], as encoding: WireEncoding) throws(WireError) -> ClientFrame {
    try ClientFrame(wire: try decode(message: bytes, as: encoding))
  }

  package static func decodeServerFrame(_ bytes: [UInt8], as encoding: WireEncoding) throws(WireError) -> ServerFrame {
    try ServerFrame(wire: try decode(message: bytes, as: encoding))
  }

  static func encode(message: some Message, as encoding: WireEncoding) throws(WireError) -> [UInt8] {
    let bytes: [UInt8]
    do {
      bytes =
        switch encoding {
        case .binary: try message.serializedBytes()
        case .json: try message.jsonUTF8Bytes()
        }
    } catch {
      throw WireError(.tooLarge, "The frame cannot be written; split what it holds.")
    }
    guard bytes.count <= encoding.frameByteLimit else {
      throw WireError(
        .tooLarge,
        "The frame has \(bytes.count) bytes and may have \(encoding.frameByteLimit); split what it holds into more frames.")
    }
    return bytes
  }

  static func decode<Value: Message>(message bytes: [UInt8], as encoding: WireEncoding) throws(WireError) -> Value {
    guard bytes.count <= encoding.frameByteLimit else {
      throw WireError(
        .tooLarge,
        "The frame has \(bytes.count) bytes and may have \(encoding.frameByteLimit); split what it holds into more frames.")
    }
    do {
      switch encoding {
      case .binary:
        var options = BinaryDecodingOptions()
        options.messageDepthLimit = WireLimits.nestingDepth
        return try Value(serializedBytes: bytes, options: options)
      case .json:
        try JSONNesting.check(bytes)
        var options = JSONDecodingOptions()
        options.messageDepthLimit = WireLimits.nestingDepth
        options.ignoreUnknownFields = true
        return try Value(jsonUTF8Bytes: bytes, options: options)
      }
    } catch let error as WireError {
      throw error
    } catch {
      // The library's errors may quote the bytes, and a sentence never holds content.
      throw WireError(
        .malformed, "The bytes are not a protobuf message of this kind; encode frames as SyncProtocol/README.md says.")
    }
  }
}

/// Bounds the depth of JSON text before it is parsed: the parser skips unknown values by recursion.
enum JSONNesting {
  static func check(_ bytes: [UInt8]) throws(WireError) {
    var depth = 0
    var isText = false
    var isEscaped = false
    for byte in bytes {
      if isText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isText = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
      guard depth <= WireLimits.nestingDepth else {
        throw WireError(.malformed, "The JSON is nested deeper than \(WireLimits.nestingDepth) levels; no frame is.")
      }
    }
  }
}
