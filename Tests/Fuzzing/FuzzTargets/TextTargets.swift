// Short texts from outside: names of scopes, numbers in other alphabets, addresses, media types, words to search for, and
// the pieces of one WebSocket message.
import ReviewModel
import Storage
import SyncProtocol
import Transport
import Trust

@testable import ClientCore
@testable import TransportWebSocket

enum TextTargets {
  static let all: [FuzzTarget] = [
    FuzzTarget("text", inputByteLimit: 1_024) { bytes in
      guard let choice = Choice(bytes, of: readers.count), let text = String(validating: choice.rest, as: UTF8.self) else {
        return false
      }
      return try readers[choice.number](text)
    },
    FuzzTarget("message", inputByteLimit: 1_024, read: message),
  ]

  /// The first byte of an input is a place in this list: append only.
  private static let readers: [@Sendable (String) throws -> Bool] = [
    scope, hex, base64, base64URL, identifier, mediaType, serverAddress, socketAddress, listenAddress, searchWords,
  ]

  @Sendable private static func scope(_ text: String) throws -> Bool {
    guard let scope = Scope(name: text) else { return false }
    try BrokenPromise.unless(scope.name.utf8.elementsEqual(text.utf8), "a scope has two names")
    return true
  }

  @Sendable private static func hex(_ text: String) throws -> Bool {
    guard let bytes = Hex.decode(text) else { return false }
    try BrokenPromise.unless(Hex.encode(bytes).utf8.elementsEqual(text.lowercased().utf8), "hexadecimal text reads differently")
    return true
  }

  @Sendable private static func base64(_ text: String) throws -> Bool {
    guard let bytes = Base64.decode(text) else { return false }
    try BrokenPromise.unless(Base64.encode(bytes).utf8.elementsEqual(text.utf8), "two texts are the same bytes")
    return true
  }

  @Sendable private static func base64URL(_ text: String) throws -> Bool {
    guard let bytes = Base64.decodeURL(text) else { return false }
    try BrokenPromise.unless(Base64.encodeURL(bytes).utf8.elementsEqual(text.utf8), "two texts are the same bytes")
    return true
  }

  @Sendable private static func identifier(_ text: String) throws -> Bool {
    let digest = Digest(hex: text)
    try BrokenPromise.unless(digest.map { $0.hex == text.lowercased() } ?? true, "a digest reads differently")
    guard let id = SubjectID(hex: text) else { return digest != nil }
    try BrokenPromise.unless(id.hex == text.lowercased() && SubjectID(id.bytes) == id, "an id reads differently")
    return true
  }

  @Sendable private static func mediaType(_ text: String) throws -> Bool {
    guard let encoding = WireEncoding(mediaType: text) else { return false }
    try BrokenPromise.unless(WireEncoding(mediaType: encoding.mediaType) == encoding, "a media type reads differently")
    return true
  }

  @Sendable private static func serverAddress(_ text: String) throws -> Bool {
    guard let address = try? ServerAddress(text) else { return false }
    try BrokenPromise.unless(address.base.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }, "an address holds a line break")
    try BrokenPromise.unless((try? ServerAddress(address.base)) == address, "an address is no address when it is written")
    guard let socket = try? WebSocketAddress(url: address.session) else { return true }
    try BrokenPromise.unless(socket.isTLS == address.isSecure, "a session leaves TLS out")
    return true
  }

  @Sendable private static func socketAddress(_ text: String) throws -> Bool {
    guard let address = try? WebSocketAddress(url: text) else { return false }
    let isPlain = { (text: String) in text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } }
    try BrokenPromise.unless(
      isPlain(address.target) && address.target.hasPrefix("/") && isPlain(address.host.inURL), "an address ends a header line")
    return true
  }

  @Sendable private static func listenAddress(_ text: String) throws -> Bool {
    guard let address = try? ListenAddress(host: text) else { return false }
    try BrokenPromise.unless(address.interface != nil || ["0.0.0.0", "::"].contains(text), "\(text) listens everywhere")
    return true
  }

  @Sendable private static func searchWords(_ text: String) throws -> Bool {
    let words = SearchWords.split(text)
    try BrokenPromise.unless(
      words.allSatisfy { !$0.isEmpty && !$0.contains("\"") && !$0.contains("*") }, "a search word has an operator in it")
    return !words.isEmpty
  }

  /// Pieces of a message: for each its length, what its header announces beyond, and whether it ends the message.
  private static func message(_ bytes: [UInt8]) throws -> Bool {
    let limit = 64
    guard let choice = Choice(bytes, of: 4) else { return false }
    var assembly = MessageAssembly(encoding: choice.number & 1 == 0 ? .binary : .json, limitBytes: limit)
    var rest = choice.rest[...]
    var isWhole = false
    var expected: [UInt8] = []
    while rest.count >= 2 {
      let (length, flags) = (Int(rest[rest.startIndex]), rest[rest.startIndex + 1])
      let piece = Array(rest.dropFirst(2).prefix(length))
      rest = rest.dropFirst(2 + piece.count)
      let remaining: UInt = flags & 2 == 0 ? 0 : flags & 4 == 0 ? UInt(flags) : .max - UInt(flags)
      let verdict = piece.withUnsafeBytes {
        assembly.add($0, isBinary: choice.number & 2 == 0, remainingBytes: remaining, isFinal: flags & 1 == 1)
      }
      expected += piece
      switch verdict {
      case .needMore: try BrokenPromise.unless(expected.count <= limit, "more is kept than the limit allows")
      case .whole(let message):
        try BrokenPromise.unless(message == expected && message.count <= limit, "a message is not its pieces")
        expected = []
        isWhole = true
      case .refuse: return isWhole
      }
    }
    return isWhole
  }
}
