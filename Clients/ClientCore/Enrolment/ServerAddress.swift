// One address of a server, as enrolment and sessions need it.
import Foundation
import Transport

struct ServerAddress: Sendable, Hashable {
  /// `http` or `https`, host and port, without a path at the end.
  let base: String
  let isSecure: Bool

  /// - Throws: `badInput` for anything but `https://…`, or `http://…` on loopback.
  init(_ text: String) throws(ClientError) {
    let wrong = ClientError(
      .badInput, "\"\(text)\" is no address of a server.", remedy: "Give https://HOST[:PORT]; http only on loopback.")
    guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
      let host = parts.encodedHost.flatMap(HostName.init(inURL:)),
      ["http", "https", "ws", "wss"].contains(scheme), parts.user == nil, parts.query == nil, parts.fragment == nil,
      (1...65_535).contains(parts.port ?? 1)
    else { throw wrong }
    isSecure = scheme == "https" || scheme == "wss"
    guard isSecure || host.isLoopback else { throw wrong }
    var path = parts.percentEncodedPath
    while path.hasSuffix("/") { path.removeLast() }
    base = (isSecure ? "https://" : "http://") + host.inURL + (parts.port.map { ":\($0)" } ?? "") + path
  }

  var session: String { (isSecure ? "wss" : "ws") + base.dropFirst(isSecure ? 5 : 4) + "/v1/session" }
  var enrolment: String { base + "/v1/enrol" }
  var server: String { base + "/v1/server" }
}
