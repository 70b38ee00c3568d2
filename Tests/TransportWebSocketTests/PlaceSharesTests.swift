// Which peers count as one, and how many places they have.
import Testing
import Transport

@testable import TransportWebSocket

@Suite struct PlaceSharesTests {
  @Test(arguments: [
    ("127.0.0.1", "127.0.0.1"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ("2001:db8::1", "2001:db8:0:0::/64"), ("2001:db8:0:0:ffff::", "2001:db8:0:0::/64"), ("::1", "0:0:0:0::/64"),
    ("fe80::1%eth0", "fe80:0:0:0::/64"), ("2001:db8:1:2::9", "2001:db8:1:2::/64"), ("", ""), ("unknown", "unknown"),
  ])
  func `an address of IPv4 is its own, one of IPv6 its network's`(address: String, expected: String) {
    #expect(PeerNetwork.name(of: address) == expected)
  }

  @Test func `a network has its share, gets back what it has left, and takes none of the others'`() {
    var shares = PlaceShares(limit: 2)
    for _ in 1...2 { shares.take("a") }
    #expect(!shares.hasRoom(for: "a") && shares.hasRoom(for: "b"))
    shares.giveBack("a")
    #expect(shares.hasRoom(for: "a"))
    for _ in 1...2 { shares.giveBack("a") }
    shares.take("a")
    #expect(shares.hasRoom(for: "a"), "nobody has less than none")
  }
}
