// One address of a server, as enrolment and sessions need it.
import Foundation

struct ServerAddress: Sendable, Hashable {
  /// `http` or `https`, host and port, without a path at the end.
  let base: String
  let isSecure: Bool

  /// - Throws: `badInput` for anything but `https://…`, or `http://…` on loopback.
  init(_ text: String) throws(ClientError) {
    let wrong = ClientError(
      .badInput, "\"\(text)\" is no address of a server.", remedy: "Give https://HOST[:PORT]; http only on loopback.")
    guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), let host = parts.host,
      !host.isEmpty, ["http", "https", "ws", "wss"].contains(scheme), parts.user == nil, parts.query == nil,
      // Decoded, a name could hold line breaks.
      host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
    else { throw wrong }
    isSecure = scheme == "https" || scheme == "wss"
    guard isSecure || Self.isLoopback(host) else { throw wrong }
    var path = parts.percentEncodedPath
    while path.hasSuffix("/") { path.removeLast() }
    let named = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
    base = (isSecure ? "https://" : "http://") + named + (parts.port.map { ":\($0)" } ?? "") + path
  }

  /// Whether the name means this machine, as far as the name itself tells: 127.0.0.1.example does not.
  private static func isLoopback(_ host: String) -> Bool {
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
    let isFour =
      numbers.count == 4 && numbers.first == "127"
      && numbers.allSatisfy { number in UInt8(number) != nil && number.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    return isFour || ["localhost", "::1", "[::1]"].contains(host.lowercased())
  }

  var session: String { (isSecure ? "wss" : "ws") + base.dropFirst(isSecure ? 5 : 4) + "/v1/session" }
  var enrolment: String { base + "/v1/enrol" }
  var server: String { base + "/v1/server" }
}
