// The host of an address, as names are looked up, certificates compared and headers written.

/// A name of DNS, an IPv4 address or an IPv6 address.
package struct HostName: Sendable, Hashable {
  /// ASCII letters, digits, `-`, `.` and `_`, a name in another script as its `xn--` form; an IPv6 address without brackets.
  package let text: String

  /// - Parameter host: as it stands in a URL, with brackets around an IPv6 address.
  /// - Returns: nil for no host at all, and for a host with bytes that mean something else to one of its readers:
  ///   percent signs, spaces, line breaks, zones of IPv6.
  package init?(inURL host: String) {
    if host.hasPrefix("["), host.hasSuffix("]") {
      text = String(host.dropFirst().dropLast())
      guard text.contains(":"), text.utf8.allSatisfy(Self.isOfIPv6) else { return nil }
    } else {
      text = host
      guard !text.isEmpty, text.utf8.allSatisfy(Self.isOfName) else { return nil }
    }
  }

  /// As it stands in URLs and in the header `Host`.
  package var inURL: String { text.contains(":") ? "[\(text)]" : text }

  /// Whether it means this machine, as far as the name itself tells: 127.0.0.1.example does not.
  package var isLoopback: Bool {
    if ["localhost", "::1"].contains(text.lowercased()) { return true }
    let numbers = text.split(separator: ".", omittingEmptySubsequences: false)
    // Written in one way only: what is no address is looked up as a name, and leads anywhere.
    return numbers.count == 4 && numbers[0] == "127"
      && numbers.allSatisfy { number in UInt8(number).map(String.init) == String(number) }
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_")].contains(byte)
    }
  }

  private static func isOfIPv6(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "0")...UInt8(ascii: ":"):
      true
    default: byte == UInt8(ascii: ".")
    }
  }
}
