// What is asked and what comes back, as values.

/// How the server's certificate is checked.
package enum HTTPCertificateVerification: Sendable, Hashable {
  /// By the system's authorities and the server's name.
  case system
  /// Not by TLS: the answer reports the certificate's digest, and the caller knows what to make of it. Give
  /// `requiredCertificateDigest` to have it checked before anything is sent.
  case reportCertificate
}

/// One request.
package struct HTTPClientRequest: Sendable {
  /// In capitals, such as `GET`.
  package var method: String
  /// `http://…` or `https://…`.
  package var url: String
  package var headers: [String: String]
  /// Nil sends no body; an empty one is sent as such.
  package var body: [UInt8]?
  /// For everything, from the name's look-up to the answer's last byte; at least 1.
  package var timeoutSeconds: Int
  /// The longest answer's body, in bytes.
  package var responseLimitBytes: Int
  package var verification: HTTPCertificateVerification
  /// SHA-256 of the DER of the certificate that the server must show, 32 bytes; checked before the request is sent.
  package var requiredCertificateDigest: [UInt8]?

  package init(
    method: String = "GET", url: String, headers: [String: String] = [:], body: [UInt8]? = nil, timeoutSeconds: Int = 30,
    responseLimitBytes: Int = 1024 * 1024, verification: HTTPCertificateVerification = .system,
    requiredCertificateDigest: [UInt8]? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeoutSeconds = timeoutSeconds
    self.responseLimitBytes = responseLimitBytes
    self.verification = verification
    self.requiredCertificateDigest = requiredCertificateDigest
  }
}

/// One answer, whatever its status.
package struct HTTPClientResponse: Sendable, Equatable {
  package let status: Int
  /// Names in lower case; of a repeated header the last one.
  package let headers: [String: String]
  package let body: [UInt8]
  /// SHA-256 of the DER of the server's certificate, 32 bytes; nil without TLS.
  package let certificateDigest: [UInt8]?
}
