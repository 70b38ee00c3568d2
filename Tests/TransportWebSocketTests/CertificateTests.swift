// Self-made certificates and their digests.
import Testing

@testable import TransportWebSocket

struct CertificateTests {
  @Test func `a certificate reads back with the digest it was made with`() throws {
    let made = try SelfSignedCertificate.make(
      commonName: "review.example.org", alternativeNames: [.dns("review.example.org"), .address("::1")], validDays: 365,
      unixSeconds: 1_800_000_000)
    #expect(made.certificateDigest.count == 32)
    #expect(try CertificateFile.digest(ofPEM: made.certificatePEM) == made.certificateDigest)
    #expect(made.privateKeyPEM.hasPrefix("-----BEGIN PRIVATE KEY-----"))
    let other = try SelfSignedCertificate.make(
      commonName: "review.example.org", alternativeNames: [], validDays: 365, unixSeconds: 1_800_000_000)
    #expect(other.certificateDigest != made.certificateDigest)
  }

  @Test(arguments: ["a,DNS:b", "a b", "", "a\nb", "ä"])
  func `a name that could say more than a name is refused`(name: String) {
    #expect(throws: WebSocketError(.certificate, "")) {
      _ = try SelfSignedCertificate.make(commonName: "x", alternativeNames: [.dns(name)], validDays: 1, unixSeconds: 0)
    }
  }

  @Test func `text without a certificate is refused`() {
    #expect(throws: WebSocketError(.certificate, "")) { _ = try CertificateFile.digest(ofPEM: "-----BEGIN NONSENSE-----") }
    #expect(throws: WebSocketError(.certificate, "")) { _ = try CertificateFile.digest(ofFile: "/nonexistent/certificate.pem") }
  }
}
