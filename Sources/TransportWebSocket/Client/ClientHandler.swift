// The client on the loop's thread: opens connections, turns them into pipes, and ends them.
import CWebSockets
import Transport

/// The callbacks of the process's one client context.
///
/// `@unchecked Sendable`: everything that changes is touched by the loop's thread only.
final class ClientHandler: LoopHandler, @unchecked Sendable {
  /// One virtual host each, because the library keeps the trusted authorities there and reads them when it is made.
  private enum HostKind: String {
    case plain, pinned, system
  }

  private weak var loop: WebSocketLoop?
  private var context: OpaquePointer?
  private var hosts: [HostKind: OpaquePointer] = [:]
  private var attempts: [UInt: ConnectionAttempt] = [:]
  /// Released with this object, which the loop holds until its context is gone.
  private var strings = KeptStrings()

  func prepare(_ loop: WebSocketLoop, context: OpaquePointer) throws {
    self.loop = loop
    self.context = context
    guard host(.plain) != nil else { throw WebSocketError(.notRunning, "The network client could not be made.") }
  }

  func handle(_ event: LoopEvent) -> Int32 {
    guard let attempt = attempts[event.id] else { return 0 }
    switch event.reason {
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
      attempt.fail(attempt.failure(detail: String(decoding: event.bytes, as: UTF8.self)))
    case LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH:
      let isOurs = RequestHead(connection: event.connection).header(WSI_TOKEN_PROTOCOL) == attempt.encoding.subprotocol
      if !isOurs { attempt.fail(attempt.failure(detail: "HS: no subprotocol \(attempt.encoding.subprotocol)")) }
      return isOurs ? 0 : -1
    case LWS_CALLBACK_CLIENT_ESTABLISHED: return established(attempt, event.connection)
    case LWS_CALLBACK_CLIENT_RECEIVE: return attempt.pipe?.received(event.bytes) ?? -1
    case LWS_CALLBACK_CLIENT_WRITEABLE: return attempt.pipe?.writeWaiting() ?? -1
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE: attempt.pipe?.peerAskedToClose(event.bytes)
    case LWS_CALLBACK_CLIENT_CLOSED: attempt.pipe?.wireEnded()
    case LWS_CALLBACK_TIMER:
      if let pipe = attempt.pipe { return pipe.timerFired() }
      attempt.timeOut()
      return -1
    case LWS_CALLBACK_WSI_DESTROY: ended(attempt)
    default: break
    }
    return 0
  }

  func loopEnded() {
    for attempt in attempts.values { ended(attempt) }
    hosts = [:]
    context = nil
  }

  /// Gives an attempt up whose caller no longer waits.
  func abandon(_ attempt: ConnectionAttempt) {
    attempt.timeOut()
    if let connection = attempt.connection, attempts[attempt.id] != nil { countersign_lws_kill_soon(connection) }
  }

  private func established(_ attempt: ConnectionAttempt, _ connection: OpaquePointer) -> Int32 {
    guard let loop, attempt.result.value == nil else { return -1 }
    let digest = attempt.address.isTLS ? CertificateFile.peerDigest(of: connection) : nil
    guard !attempt.address.isTLS || digest != nil else {
      attempt.fail(attempt.failure(detail: "the server showed no certificate"))
      return -1
    }
    ConnectionTimer.stop(connection)
    let pipe = WebSocketPipe(
      connection: connection, encoding: attempt.encoding, peerDescription: attempt.address.description, digest: digest,
      limits: attempt.limits, loop: loop)
    attempt.pipe = pipe
    attempt.result.open(.success(pipe))
    return 0
  }

  private func ended(_ attempt: ConnectionAttempt) {
    attempts[attempt.id] = nil
    attempt.connection = nil
    attempt.pipe?.wireEnded()
    attempt.fail(attempt.failure(detail: "the connection ended during the handshake"))
  }
}

// Connecting.
extension ClientHandler {
  /// Begins to connect; the attempt's latch opens in any case.
  func connect(_ attempt: ConnectionAttempt) {
    // The caller may have gone before this ran.
    guard attempt.result.value == nil else { return }
    let kind: HostKind = !attempt.address.isTLS ? .plain : attempt.verification == .system ? .system : .pinned
    guard let context, let host = host(kind) else {
      return attempt.fail(WebSocketError(.tls, "The TLS client could not be made; check the system's certificate files."))
    }
    attempts[attempt.id] = attempt
    var information = lws_client_connect_info()
    information.context = context
    information.vhost = host
    information.port = Int32(attempt.address.port)
    information.ietf_version_or_minus_one = -1
    information.opaque_user_data = UnsafeMutableRawPointer(bitPattern: attempt.id)
    information.ssl_connection = Self.tlsFlags(attempt)
    let connection = begin(&information, attempt)
    guard let connection else {
      // The library has told the reason through the callback, or there was none to tell.
      attempts[attempt.id] = nil
      return attempt.fail(attempt.failure(detail: "the connection could not be begun"))
    }
    guard attempts[attempt.id] != nil else { return }
    attempt.connection = connection
    ConnectionTimer.start(connection, seconds: attempt.timeoutSeconds)
  }

  /// The library copies these strings during the call.
  private func begin(_ information: inout lws_client_connect_info, _ attempt: ConnectionAttempt) -> OpaquePointer? {
    attempt.address.host.text.withCString { address in
      attempt.address.target.withCString { path in
        attempt.address.host.inURL.withCString { host in
          attempt.encoding.subprotocol.withCString { subprotocol in
            "http/1.1".withCString { application in
              information.address = address
              information.path = path
              information.host = host
              information.protocol = subprotocol
              information.local_protocol_name = subprotocol
              information.alpn = application
              return lws_client_connect_via_info(&information)
            }
          }
        }
      }
    }
  }

  private static func tlsFlags(_ attempt: ConnectionAttempt) -> Int32 {
    guard attempt.address.isTLS else { return 0 }
    let secure = LCCSCF_USE_SSL.rawValue
    guard attempt.verification == .pinnedLater else { return Int32(secure) }
    let trusting =
      LCCSCF_ALLOW_SELFSIGNED.rawValue | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK.rawValue | LCCSCF_ALLOW_EXPIRED.rawValue
      | LCCSCF_ALLOW_INSECURE.rawValue
    return Int32(secure | trusting)
  }

  private func host(_ kind: HostKind) -> OpaquePointer? {
    if let made = hosts[kind] { return made }
    guard let context, let loop else { return nil }
    var information = lws_context_creation_info()
    information.port = Int32(countersign_lws_no_listen)
    information.protocols = UnsafePointer(loop.protocols.pointer)
    information.vhost_name = strings.keep(kind.rawValue)
    if kind != .plain { information.options |= UInt64(LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT) }
    if kind == .pinned { information.options |= UInt64(LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS) }
    let made = lws_create_vhost(context, &information)
    hosts[kind] = made
    return made
  }
}
