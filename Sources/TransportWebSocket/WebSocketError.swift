// The one error type of this module.

/// Why a server could not start, a connection could not be made, or a certificate could not be read or written.
/// Two errors are equal when their codes are.
package struct WebSocketError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Code: Sendable, Hashable {
    /// The address is not a usable ws or wss address, or plain text was asked for beyond this machine.
    case badAddress
    /// The server could not listen.
    case cannotListen
    /// The server or the loop is not running.
    case notRunning
    /// Nobody answered at the address, or the handshake was refused.
    case cannotConnect
    /// The certificate is not trusted, or the TLS handshake failed.
    case tls
    /// The connection was not ready in the time given.
    case timedOut
    /// A certificate or key could not be read or made.
    case certificate
  }

  package let code: Code
  /// One sentence that says what happened and what to do.
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package static func == (left: WebSocketError, right: WebSocketError) -> Bool { left.code == right.code }

  package var description: String { message }
}
