// Which addresses of servers are taken: without encryption only those of this machine.
import Testing

@testable import ClientCore

struct ServerAddressTests {
  @Test(arguments: [
    "http://127.0.0.1:7443", "http://127.1.2.3", "ws://localhost:7443", "http://LOCALHOST", "http://[::1]:7443",
    "https://review.example.org", "wss://127.0.0.1.example.org",
  ])
  func `is taken`(text: String) throws {
    let address = try ServerAddress(text)
    #expect(try ServerAddress(address.base) == address)
  }

  @Test(arguments: [
    "http://127.0.0.1.evil.example", "ws://127.evil.example", "http://127.0.0.1.evil.example:7443/", "http://127.",
    "http://127.0.0", "http://127.0.0.256", "http://127.0.0.+1", "http://localhost.evil.example",
    "http://review.example.org", "ftp://127.0.0.1", "wss://kz%5c/q\0e", "https://a%0d%0ab", "https://a.example:0",
    "https://a.example:65536", "https://a.example/?b", "https://a.example/#b", "https://b@a.example", "https://",
  ])
  func `is refused`(text: String) {
    #expect(throws: ClientError(.badInput, "")) { try ServerAddress(text) }
  }
}
