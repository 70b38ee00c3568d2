// The server on the loop's thread: accepts within its bounds, turns connections into pipes and exchanges, and ends them.
// It runs no handlers: those get their work through a stream.
import CWebSockets
import Logging
import Transport

/// The callbacks of one server.
///
/// `@unchecked Sendable`: everything that changes is touched by the loop's thread only, after `start` has returned.
final class ServerHandler: LoopHandler, @unchecked Sendable {
  let configuration: WebSocketServerConfiguration
  let certificateDigest: [UInt8]?
  let allGone = Latch<Void>()
  private let work: AsyncStream<ServerWork>.Continuation
  private let logger: Logger
  private(set) var boundPort: UInt16 = 0
  private var loop: WebSocketLoop?
  private var connections: [UInt: ServerConnection] = [:]
  private var nextId: UInt = 1
  private var isDraining = false
  /// Released with this object, which the loop holds until its context is gone.
  private var strings = KeptStrings()

  init(
    configuration: WebSocketServerConfiguration, certificateDigest: [UInt8]?, work: AsyncStream<ServerWork>.Continuation,
    logger: Logger
  ) {
    self.configuration = configuration
    self.certificateDigest = certificateDigest
    self.work = work
    self.logger = logger
  }

  func handle(_ event: LoopEvent) -> Int32 {
    switch event.reason {
    case LWS_CALLBACK_FILTER_NETWORK_CONNECTION: return mayAccept() ? 0 : 1
    case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED: return accepted(event.connection)
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE: return confirmUpgrade(event.connection)
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION: return encoding(of: event.connection) == nil ? 1 : 0
    case LWS_CALLBACK_ESTABLISHED: return established(event)
    case LWS_CALLBACK_RECEIVE: return pipe(event)?.received(event.bytes) ?? -1
    case LWS_CALLBACK_SERVER_WRITEABLE: return pipe(event)?.writeWaiting() ?? -1
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
      pipe(event)?.peerAskedToClose(event.bytes)
      return 0
    case LWS_CALLBACK_CLOSED: pipe(event)?.wireEnded()
    case LWS_CALLBACK_HTTP: return requestBegan(event)
    case LWS_CALLBACK_HTTP_BODY: return exchange(event)?.received(event.bytes) ?? -1
    case LWS_CALLBACK_HTTP_BODY_COMPLETION: return requestCompleted(event)
    case LWS_CALLBACK_HTTP_WRITEABLE: return writeResponse(event)
    case LWS_CALLBACK_TIMER: return timerFired(event)
    case LWS_CALLBACK_WSI_DESTROY: ended(event.id)
    default: break
    }
    return 0
  }

  private func pipe(_ event: LoopEvent) -> WebSocketPipe? {
    if case .pipe(let pipe) = connections[event.id]?.role { pipe } else { nil }
  }

  private func exchange(_ event: LoopEvent) -> HTTPExchange? {
    if case .http(let exchange) = connections[event.id]?.role { exchange } else { nil }
  }

  private func mayAccept() -> Bool {
    let isFull = connections.count >= configuration.maximumConnections
    if isFull { logger.warning("connection refused: too many", metadata: ["limit": "\(configuration.maximumConnections)"]) }
    return !isFull && !isDraining
  }

  private func accepted(_ connection: OpaquePointer) -> Int32 {
    let id = nextId
    nextId += 1
    lws_set_opaque_user_data(connection, UnsafeMutableRawPointer(bitPattern: id))
    connections[id] = ServerConnection(handle: connection)
    ConnectionTimer.start(connection, seconds: configuration.handshakeDeadlineSeconds)
    return 0
  }

  private func timerFired(_ event: LoopEvent) -> Int32 {
    pipe(event)?.timerFired() ?? -1
  }

  private func ended(_ id: UInt) {
    guard let connection = connections.removeValue(forKey: id) else { return }
    switch connection.role {
    case .waiting: break
    case .http(let exchange): exchange.connectionEnded()
    case .pipe(let pipe): pipe.wireEnded()
    }
    if isDraining && connections.isEmpty { allGone.open(()) }
  }

  func loopEnded() {
    for id in connections.keys { ended(id) }
    connections = [:]
    loop = nil
    allGone.open(())
    work.finish()
  }

  /// Takes nothing new and lets what is there end: pipes with 1001, requests with their answer.
  func drain(gracePeriodSeconds: Int) {
    isDraining = true
    if connections.isEmpty { allGone.open(()) }
    for connection in connections.values {
      switch connection.role {
      case .waiting: countersign_lws_kill_soon(connection.handle)
      case .http: endWithin(gracePeriodSeconds, connection.handle)
      case .pipe(let pipe):
        pipe.beginClosing(code: 1001, reason: "the server stops")
        endWithin(gracePeriodSeconds, connection.handle)
      }
    }
  }

  private func endWithin(_ seconds: Int, _ connection: OpaquePointer) {
    if seconds > 0 {
      countersign_lws_end_within(connection, Int32(clamping: seconds))
    } else {
      countersign_lws_kill_soon(connection)
    }
  }
}

// Listening.
extension ServerHandler {
  func prepare(_ loop: WebSocketLoop, context: OpaquePointer) throws {
    self.loop = loop
    var information = lws_context_creation_info()
    information.port = Int32(configuration.port)
    information.protocols = UnsafePointer(loop.protocols.pointer)
    information.max_http_header_data = configuration.maximumHeaderBytes
    information.timeout_secs = UInt32(clamping: configuration.handshakeDeadlineSeconds)
    information.keepalive_timeout = 10
    information.options = UInt64(LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND)
    let place = try ListenAddress(host: configuration.host)
    if !place.isIPv6 { information.options |= UInt64(LWS_SERVER_OPTION_DISABLE_IPV6) }
    if configuration.tls != nil { information.options |= UInt64(LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT) }
    if let interface = place.interface { information.iface = strings.keep(interface) }
    if let tls = configuration.tls {
      information.ssl_cert_filepath = strings.keep(tls.certificatePath)
      information.ssl_private_key_filepath = strings.keep(tls.privateKeyPath)
      information.alpn = strings.keep("http/1.1")
    }
    let host = lws_create_vhost(context, &information)
    guard let host else {
      throw WebSocketError(
        .cannotListen,
        "Cannot listen on \(configuration.host) port \(configuration.port); check that the address is this machine's, that "
          + "nothing else uses the port, and that certificate and key can be read.")
    }
    boundPort = UInt16(clamping: lws_get_vhost_listen_port(host))
  }
}

// WebSocket handshakes.
extension ServerHandler {
  private func encoding(of connection: OpaquePointer) -> FrameEncoding? {
    guard let name = lws_get_protocol(connection)?.pointee.name else { return nil }
    return FrameEncoding(subprotocol: String(cString: name))
  }

  /// Whether the client offers a subprotocol of ours; otherwise it is told so.
  private func confirmUpgrade(_ connection: OpaquePointer) -> Int32 {
    let offered = RequestHead(connection: connection).header(WSI_TOKEN_PROTOCOL) ?? ""
    let isKnown = offered.split(separator: ",").contains { offer in
      FrameEncoding(subprotocol: String(offer.drop { $0 == " " }.prefix { $0 != " " })) != nil
    }
    guard !isKnown else { return isDraining ? -1 : 0 }
    lws_return_http_status(connection, 400, "Offer the subprotocol countersign.v1 or countersign.v1+json.")
    return -1
  }

  private func established(_ event: LoopEvent) -> Int32 {
    guard let encoding = encoding(of: event.connection), let loop, connections[event.id] != nil, !isDraining else { return -1 }
    ConnectionTimer.stop(event.connection)
    let pipe = WebSocketPipe(
      connection: event.connection, encoding: encoding, peerDescription: RequestHead.peer(of: event.connection),
      digest: certificateDigest, limits: configuration.pipeLimits, loop: loop)
    connections[event.id]?.role = .pipe(pipe)
    work.yield(.pipe(pipe))
    return 0
  }
}

// HTTP.
extension ServerHandler {
  private func requestBegan(_ event: LoopEvent) -> Int32 {
    let head = RequestHead(connection: event.connection)
    guard let target = head.target, let loop, connections[event.id] != nil else { return -1 }
    let announced = head.header(WSI_TOKEN_HTTP_CONTENT_LENGTH)
    let mustHaveLength = ["POST", "PUT", "PATCH"].contains(target.method)
    guard head.header(WSI_TOKEN_HTTP_TRANSFER_ENCODING) == nil, announced != nil || !mustHaveLength else {
      return refuse(event.connection, status: 411)
    }
    guard let length = announced.map({ Int($0) ?? -1 }) ?? 0 as Int?, length >= 0 else {
      return refuse(event.connection, status: 400)
    }
    guard length <= max(configuration.maximumBodyBytes, HTTPExchange.maximumDiscardedBytes) else {
      return refuse(event.connection, status: 413)
    }
    var headers: [String: String] = [:]
    for name in configuration.wantedHeaders { headers[name] = head.header(name) }
    let request = HTTPRequest(
      method: target.method, path: target.path, query: head.query, headers: headers,
      peerDescription: RequestHead.peer(of: event.connection))
    let exchange = HTTPExchange(
      head: request, contentLength: length, connection: event.connection, loop: loop, configuration: configuration)
    connections[event.id]?.role = .http(exchange)
    ConnectionTimer.start(event.connection, seconds: configuration.handshakeDeadlineSeconds)
    return length == 0 ? requestCompleted(event) : 0
  }

  private func refuse(_ connection: OpaquePointer, status: UInt32) -> Int32 {
    lws_return_http_status(connection, status, nil)
    return -1
  }

  private func requestCompleted(_ event: LoopEvent) -> Int32 {
    guard let exchange = exchange(event) else { return -1 }
    if let request = exchange.bodyCompleted() { work.yield(.request(request, exchange)) }
    return 0
  }

  private func writeResponse(_ event: LoopEvent) -> Int32 {
    guard let exchange = exchange(event) else { return 0 }
    switch exchange.write() {
    case .more: return 0
    case .broken: return -1
    case .done:
      exchange.connectionEnded()
      connections[event.id]?.role = .waiting
      ConnectionTimer.stop(event.connection)
      guard lws_http_transaction_completed(event.connection) == 0, !isDraining else { return -1 }
      return 0
    }
  }
}
