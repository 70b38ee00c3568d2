// The address that an invitation carries. It is checked before there is a code: whoever enrols with that can neither see the
// address nor mend it.
import Foundation
import Transport

enum InvitationAddress {
  /// More, and a code of a tenant with a long name is longer than any that devices read.
  static let byteLimit = 1_024

  /// Whether devices would take it: TLS, or this machine.
  static func isUsable(_ text: String) -> Bool {
    guard text.utf8.count <= byteLimit, let parts = URLComponents(string: text),
      let host = parts.encodedHost.flatMap(HostName.init(inURL:)), parts.user == nil, parts.query == nil, parts.fragment == nil,
      (1...65_535).contains(parts.port ?? 1)
    else { return false }
    switch parts.scheme?.lowercased() {
    case "wss": return true
    case "ws": return host.isLoopback
    default: return false
    }
  }
}
