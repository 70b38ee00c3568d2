// Hosts of addresses: one spelling for DNS, TLS, headers and libcurl, and what leads to this machine.
import Foundation
import Testing
import Transport

@Suite struct HostNameTests {
  private func host(_ text: String) -> HostName? {
    URLComponents(string: "http://\(text):1/")?.encodedHost.flatMap(HostName.init(inURL:))
  }

  @Test(arguments: [
    ("review.example.org", "review.example.org"), ("a_b.example", "a_b.example"), ("[2001:db8::1]", "[2001:db8::1]"),
    ("müller.example", "xn--mller-kva.example"), ("xn--mller-kva.example", "xn--mller-kva.example"),
  ])
  func `is read as names are looked up`(written: String, expected: String) {
    #expect(host(written)?.inURL == expected)
  }

  @Test(arguments: [
    "", "kz%5c", "a%20b", "a%0d%0aX-Header", "z%1c", "a%7f", "a%00", "a%2eb", "[v1.a]", "[fe80::1%25eth0]", "[1.2]", "a,b",
  ])
  func `with bytes that mean something else is none`(written: String) {
    #expect(host(written) == nil)
  }

  @Test func `loopback is what is an address of it, and no name that begins so`() throws {
    for text in ["127.0.0.1", "127.255.0.9", "localhost", "LOCALHOST", "[::1]"] {
      #expect(try #require(host(text)).isLoopback, "\(text)")
    }
    let others = [
      "127.1", "127.0.0.1.2", "127.0.0.256", "127.", "127.0.0.1.", "127.0.0.08", "128.0.0.1", "[::2]", "localhost.de",
      "127.evil.example", "127.0.0.1.evil.example",
    ]
    for text in others { #expect(try !#require(host(text)).isLoopback, "\(text)") }
  }
}
