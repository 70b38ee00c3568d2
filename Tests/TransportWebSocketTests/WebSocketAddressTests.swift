// Addresses of servers, taken apart: what cannot stand in the head of a request is no address.
import Testing
import Transport

@testable import TransportWebSocket

@Suite struct WebSocketAddressTests {
  @Test(arguments: ["wss://a%0d%0aX-Header:b/", "ws://z%1c/", "ws://a%20b", "ws://a%7f", "ws://a%00"])
  func `a name that decodes to a control character or a space is refused`(url: String) {
    #expect(throws: WebSocketError.self) { try WebSocketAddress(url: url) }
  }

  @Test func `names, ports and paths are read as they stand`() throws {
    let address = try WebSocketAddress(url: "wss://review.example.org:7443/v1/session?a=b%20c")
    #expect(address.host.text == "review.example.org")
    #expect(address.port == 7443)
    #expect(address.target == "/v1/session?a=b%20c")
    #expect(try WebSocketAddress(url: "ws://[::1]").host.inURL == "[::1]")
  }
}
