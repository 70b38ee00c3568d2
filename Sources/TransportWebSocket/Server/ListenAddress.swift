// The address a server was asked for, in the library's terms.
import Glibc

/// Where to listen. The library listens everywhere when an IPv4 address meets an IPv6 socket, so the family is explicit.
struct ListenAddress: Equatable {
  /// The numeric address to bind; nil binds all of the family's.
  let interface: String?
  let isIPv6: Bool

  init(host: String) throws(WebSocketError) {
    var four = in_addr()
    var six = in6_addr()
    switch host {
    case "0.0.0.0": (interface, isIPv6) = (nil, false)
    case "::": (interface, isIPv6) = (nil, true)
    case "localhost": (interface, isIPv6) = ("127.0.0.1", false)
    default:
      if inet_pton(AF_INET, host, &four) == 1 {
        (interface, isIPv6) = (host, false)
      } else if inet_pton(AF_INET6, host, &six) == 1 {
        (interface, isIPv6) = (host, true)
      } else {
        throw WebSocketError(.badAddress, "“\(host)” is not an address to listen on; give a numeric one, such as 127.0.0.1 or ::.")
      }
    }
  }
}
