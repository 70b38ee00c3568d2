// The one error type of this module.

/// Why a request has no answer. Two errors are equal when their codes are.
package struct HTTPClientError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Code: Sendable, Hashable {
    /// The request itself is unusable: its address, method or a header.
    case badRequest
    /// Nobody answers at the address.
    case cannotConnect
    /// The certificate is not trusted, or the TLS handshake failed.
    case tls
    /// The server showed another certificate than the required one; nothing was sent.
    case certificateMismatch
    /// There was no whole answer in the time given; the request may have been carried out.
    case timedOut
    /// The answer is longer than the limit; the request may have been carried out.
    case responseTooLong
    /// The connection broke; the request may have been carried out.
    case broken
  }

  package let code: Code
  /// One sentence that says what happened and what to do.
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package static func == (left: HTTPClientError, right: HTTPClientError) -> Bool { left.code == right.code }

  package var description: String { message }
}
