// A ws or wss URL, taken apart.
import Foundation
import Transport

/// Where a client connects to.
struct WebSocketAddress: Sendable, Equatable {
  let host: HostName
  let port: UInt16
  /// The path with the query; begins with `/`.
  let target: String
  let isTLS: Bool

  init(url text: String) throws(WebSocketError) {
    guard let url = URLComponents(string: text), let host = url.encodedHost.flatMap(HostName.init(inURL:)), url.user == nil,
      url.fragment == nil,
      ["ws", "wss"].contains(url.scheme?.lowercased()), text.utf8.count <= 2048
    else {
      throw WebSocketError(
        .badAddress, "“\(text.prefix(200))” is not an address of a server; give one such as wss://review.example.org.")
    }
    isTLS = url.scheme?.lowercased() == "wss"
    self.host = host
    guard let port = UInt16(exactly: url.port ?? (isTLS ? 443 : 80)), port > 0 else {
      throw WebSocketError(.badAddress, "The port of “\(text.prefix(200))” is not within 1 and 65535; correct it.")
    }
    self.port = port
    let path = url.percentEncodedPath.isEmpty ? "/" : url.percentEncodedPath
    target = path + (url.percentEncodedQuery.map { "?\($0)" } ?? "")
  }

  var description: String { "\(host.inURL):\(port)" }
}
