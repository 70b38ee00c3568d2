// Which askers share a limit.
import Testing

@testable import SyncServer

@Suite struct PeerNetworkTests {
  @Test(arguments: [
    ("127.0.0.1", "127.0.0.1"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ("2001:db8::1", "2001:db8:0:0::/64"), ("2001:db8:0:0:ffff::", "2001:db8:0:0::/64"), ("::1", "0:0:0:0::/64"),
    ("fe80::1%eth0", "fe80:0:0:0::/64"), ("2001:db8:1:2::9", "2001:db8:1:2::/64"), ("", ""), ("unknown", "unknown"),
  ])
  func `an address of IPv4 is its own, one of IPv6 its network's`(address: String, expected: String) {
    #expect(PeerNetwork.name(of: address) == expected)
  }

  @Test func `a network of many addresses has one limit, and leaves room for others`() async throws {
    let bench = try ServerBench()
    func enrol(from peer: String) async -> Int {
      let request = EdgeRequest(method: "POST", path: "/v1/enrol", contentType: "", body: [], peer: peer)
      return await bench.edge.answer(request).status
    }
    var answers: [Int] = []
    for last in 1...100 { answers.append(await enrol(from: "2001:db8::\(String(last, radix: 16))")) }
    #expect(answers.contains(429) && answers.first != 429)
    #expect(await enrol(from: "2001:db8:0:1::1") != 429)
  }
}
