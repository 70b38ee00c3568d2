// Reads the head of an HTTP request out of the library's header store.
import CWebSockets

/// What can be asked about the request that a connection is serving. Only valid during the callback.
struct RequestHead {
  let connection: OpaquePointer

  /// The order in which the library numbers methods.
  private static let methods = ["GET", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "CONNECT", "HEAD"]

  /// The names of the library's own header tokens, as `name:`.
  private static let tokens: [String: lws_token_indexes] = {
    var tokens: [String: lws_token_indexes] = [:]
    for raw in 0..<WSI_TOKEN_COUNT.rawValue {
      guard let name = lws_token_to_string(lws_token_indexes(raw)) else { continue }
      let text = name.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
      if text.count > 1, text.hasSuffix(":"), !text.hasPrefix(":") { tokens[String(text.dropLast())] = lws_token_indexes(raw) }
    }
    return tokens
  }()

  /// Method and path.
  var target: (method: String, path: String)? {
    var start: UnsafeMutablePointer<CChar>?
    var count: Int32 = 0
    let method = Int(lws_http_get_uri_and_method(connection, &start, &count))
    guard Self.methods.indices.contains(method), let start, count >= 0 else { return nil }
    // The library's header store keeps these bytes for the callback's duration.
    let bytes = UnsafeRawBufferPointer(start: start, count: Int(count))
    return (Self.methods[method], String(decoding: bytes, as: UTF8.self))
  }

  /// The query, put together again from the pieces the library keeps.
  var query: String {
    var pieces: [String] = []
    var buffer = [CChar](repeating: 0, count: 2048)
    for index in Int32(0)..<64 {
      let count = lws_hdr_copy_fragment(connection, &buffer, Int32(buffer.count), WSI_TOKEN_HTTP_URI_ARGS, index)
      guard count >= 0 else { break }
      pieces.append(Self.text(buffer, count: Int(count)))
    }
    return pieces.joined(separator: "&")
  }

  /// The value of a header, by its name in lower case.
  func header(_ name: String) -> String? {
    if let token = Self.tokens[name] { return header(token) }
    let label = name + ":"
    let length = lws_hdr_custom_length(connection, label, Int32(label.utf8.count))
    guard length > 0 else { return nil }
    var buffer = [CChar](repeating: 0, count: Int(length) + 1)
    let count = lws_hdr_custom_copy(connection, &buffer, Int32(buffer.count), label, Int32(label.utf8.count))
    return count < 0 ? nil : Self.text(buffer, count: Int(count))
  }

  func header(_ token: lws_token_indexes) -> String? {
    let length = lws_hdr_total_length(connection, token)
    guard length > 0 else { return nil }
    var buffer = [CChar](repeating: 0, count: Int(length) + 1)
    let count = lws_hdr_copy(connection, &buffer, Int32(buffer.count), token)
    return count < 0 ? nil : Self.text(buffer, count: Int(count))
  }

  /// The client's address.
  static func peer(of connection: OpaquePointer) -> String {
    var buffer = [CChar](repeating: 0, count: 128)
    guard lws_get_peer_simple(connection, &buffer, buffer.count) != nil else { return "unknown" }
    return text(buffer, count: buffer.count)
  }

  private static func text(_ buffer: [CChar], count: Int) -> String {
    String(decoding: buffer.prefix(count).prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
