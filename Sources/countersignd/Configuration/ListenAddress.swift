// `ADDR:PORT` as people write it; IPv6 addresses stand in brackets.
import Transport

struct ListenAddress: Equatable, CustomStringConvertible {
  static let standard = ListenAddress(host: "127.0.0.1", port: 7443)

  let host: String
  let port: UInt16

  init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  init(_ text: String) throws {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
      throw ConfigurationError("--listen takes ADDR:PORT, such as 127.0.0.1:7443 or [::1]:7443; “\(text)” is neither.")
    }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard !host.isEmpty else {
      throw ConfigurationError("--listen needs an address before the port; 0.0.0.0 is every address of this machine.")
    }
    self.init(host: host, port: port)
  }

  var isEveryAddress: Bool { host == "0.0.0.0" || host == "::" }

  /// Whether only this machine reaches it.
  var isLoopback: Bool { HostName(inURL: hostInURL)?.isLoopback ?? false }

  var description: String { "\(hostInURL):\(port)" }

  private var hostInURL: String { host.contains(":") ? "[\(host)]" : host }
}
