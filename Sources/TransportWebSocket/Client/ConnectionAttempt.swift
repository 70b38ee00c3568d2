// One connection of the client, from the wish to its end; on the loop's thread.
import CWebSockets
import Transport

/// How the server's certificate is checked.
package enum CertificateVerification: Sendable, Hashable {
  /// By the system's authorities and the server's name.
  case system
  /// Not at all by TLS: the pipe reports the certificate's digest, and the application's handshake checks that a pinned
  /// key has signed it. Nothing may be sent that matters before it has.
  case pinnedLater
}

/// What the client's loop knows about one connection.
///
/// `@unchecked Sendable`: `result` is a latch; everything else that changes is touched by the loop's thread only.
final class ConnectionAttempt: @unchecked Sendable {
  let id: UInt
  let address: WebSocketAddress
  let encoding: FrameEncoding
  let verification: CertificateVerification
  let limits: PipeLimits
  let timeoutSeconds: Int
  let result = Latch<Result<WebSocketPipe, WebSocketError>>()
  var connection: OpaquePointer?
  var pipe: WebSocketPipe?

  init(
    id: UInt, address: WebSocketAddress, encoding: FrameEncoding, verification: CertificateVerification, limits: PipeLimits,
    timeoutSeconds: Int
  ) {
    self.id = id
    self.address = address
    self.encoding = encoding
    self.verification = verification
    self.limits = limits
    self.timeoutSeconds = timeoutSeconds
  }

  func fail(_ error: WebSocketError) {
    result.open(.failure(error))
  }

  func timeOut() {
    fail(
      WebSocketError(.timedOut, "\(address.description) was not connected within \(timeoutSeconds) s; check the network."))
  }

  /// The library's words for a failed connection, as an error of ours.
  func failure(detail: String) -> WebSocketError {
    // The library counts the end of a C string among its words.
    let printed = String(detail.filter { $0 != "\0" })
    let words = printed.isEmpty ? "no detail" : printed
    let lowered = words.lowercased()
    if lowered.contains("cert") || lowered.contains("ssl") || lowered.contains("tls") {
      return WebSocketError(
        .tls, "The TLS handshake with \(address.description) failed (\(words)); check the server's certificate and name.")
    }
    if lowered.contains("hs:") || lowered.contains("upgrade") || lowered.contains("filter") {
      return WebSocketError(
        .cannotConnect,
        "\(address.description) answers, but not as a server of this protocol (\(words)); check the address and the versions.")
    }
    return WebSocketError(
      .cannotConnect, "Nobody answers at \(address.description) (\(words)); check the address, the network and the server.")
  }
}
