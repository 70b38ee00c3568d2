// A ws or wss URL, taken apart.
import Foundation

/// Where a client connects to.
struct WebSocketAddress: Sendable, Equatable {
  let host: String
  let port: UInt16
  /// The path with the query; begins with `/`.
  let target: String
  let isTLS: Bool

  init(url text: String) throws(WebSocketError) {
    guard let url = URLComponents(string: text), let host = url.host, !host.isEmpty, url.user == nil, url.fragment == nil,
      ["ws", "wss"].contains(url.scheme?.lowercased()), text.utf8.count <= 2048,
      // Decoded, a name could end the header line that it is written into.
      host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
    else {
      throw WebSocketError(
        .badAddress, "“\(text.prefix(200))” is not an address of a server; give one such as wss://review.example.org.")
    }
    isTLS = url.scheme?.lowercased() == "wss"
    self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    guard let port = UInt16(exactly: url.port ?? (isTLS ? 443 : 80)), port > 0 else {
      throw WebSocketError(.badAddress, "The port of “\(text.prefix(200))” is not within 1 and 65535; correct it.")
    }
    self.port = port
    let path = url.percentEncodedPath.isEmpty ? "/" : url.percentEncodedPath
    target = path + (url.percentEncodedQuery.map { "?\($0)" } ?? "")
  }

  /// Whether the name means this machine, as far as the name itself tells.
  var isLoopback: Bool {
    let isFour = host.hasPrefix("127.") && host.split(separator: ".").count == 4 && host.allSatisfy { $0.isNumber || $0 == "." }
    return isFour || host == "::1" || host.lowercased() == "localhost"
  }

  /// The value of the Host header, which also names the server in TLS.
  var hostHeader: String { host.contains(":") ? "[\(host)]" : host }

  var description: String { "\(hostHeader):\(port)" }
}
