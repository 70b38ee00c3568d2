// Who counts as one asker: an IPv4 address, or the network that an IPv6 address is in, because whoever has one of those has all
// 2^64 of it.

package enum PeerNetwork {
  private static let groupCount = 8
  private static let networkGroupCount = 4

  /// - Parameter address: as the system writes it. What is no address is its own network.
  package static func name(of address: String) -> String {
    let groups = address.prefix { $0 != "%" }.split(separator: ":", omittingEmptySubsequences: false)
    guard groups.count > 2, let last = groups.last else { return address }
    // IPv4 in the clothes of IPv6, as a socket for both shows it.
    if last.contains(".") { return String(last) }
    let head = groups.prefix { !$0.isEmpty }
    let tail = groups.dropFirst(head.count).filter { !$0.isEmpty }
    let zeros = [Substring](repeating: "0", count: max(0, groupCount - head.count - tail.count))
    return (Array(head) + zeros + tail).prefix(networkGroupCount).joined(separator: ":") + "::/64"
  }
}
