// The server on the loop's thread: accepts within its bounds, turns connections into pipes and exchanges, and ends them.
// It runs no handlers: those get their work through a stream.
import CWebSockets
import Glibc
import Logging
import Transport

/// The callbacks of one server.
///
/// `@unchecked Sendable`: everything that changes is touched by the loop's thread only, after `start` has returned.
final class ServerHandler: LoopHandler, @unchecked Sendable {
  let configuration: WebSocketServerConfiguration
  let certificateDigest: [UInt8]?
  let allGone = Latch<Void>()
  let work: AsyncStream<ServerWork>.Continuation
  private let logger: Logger
  private(set) var boundPort: UInt16 = 0
  var loop: WebSocketLoop?
  var connections: [UInt: ServerConnection] = [:]
  private var nextId: UInt = 1
  private var shares: PlaceShares
  private var lingering: LingeringSockets?
  private var refusals = RefusalTally(pauseMilliseconds: 10_000)
  var isDraining = false
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
    shares = PlaceShares(limit: configuration.maximumConnectionsPerNetwork ?? .max)
  }

  func handle(_ event: LoopEvent) -> Int32 {
    switch event.reason {
    case LWS_CALLBACK_FILTER_NETWORK_CONNECTION: return mayAccept(event) ? 0 : 1
    case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED: return accepted(event.connection)
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE: return confirmUpgrade(event)
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION: return encoding(of: event.connection) == nil ? 1 : 0
    case LWS_CALLBACK_ESTABLISHED: return established(event)
    case LWS_CALLBACK_RECEIVE: return pipe(event)?.received(event.bytes) ?? -1
    case LWS_CALLBACK_SERVER_WRITEABLE: return pipe(event)?.writeWaiting() ?? -1
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
      pipe(event)?.peerAskedToClose(event.bytes)
      return 0
    case LWS_CALLBACK_CLOSED, LWS_CALLBACK_CLOSED_HTTP: closing(event)
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

  func exchange(_ event: LoopEvent) -> HTTPExchange? {
    if case .http(let exchange) = connections[event.id]?.role { exchange } else { nil }
  }

  private func mayAccept(_ event: LoopEvent) -> Bool {
    // There is no connection yet; what would point at bytes is the number of its socket.
    let network = boundNetwork(Int32(truncatingIfNeeded: Int(bitPattern: event.input)))
    let hasShare = network.map(shares.hasRoom) ?? true
    let hasRoom = connections.count < configuration.maximumConnections && hasShare
    if !hasRoom { tellOfRefusal(isOfOneNetwork: !hasShare) }
    return hasRoom && !isDraining
  }

  /// The network in whose share a socket is; nil if its peer has no bounds.
  private func boundNetwork(_ descriptor: Int32) -> String? {
    guard configuration.maximumConnectionsPerNetwork != nil, let address = SocketPeer.address(of: descriptor) else {
      return nil
    }
    let isLoopback = HostName(inURL: address.contains(":") ? "[\(address)]" : address)?.isLoopback == true
    return isLoopback && !configuration.boundsLoopback ? nil : PeerNetwork.name(of: address)
  }

  private func tellOfRefusal(isOfOneNetwork: Bool) {
    guard let uvLoop = loop?.uvLoop, let count = refusals.add(nowMilliseconds: uv_now(uvLoop)) else { return }
    let limit = isOfOneNetwork ? configuration.maximumConnectionsPerNetwork : configuration.maximumConnections
    logger.warning(
      isOfOneNetwork ? "connections refused: too many of one network" : "connections refused: too many at once",
      metadata: ["limit": "\(limit ?? 0)", "refused": "\(count)"])
  }

  private func accepted(_ connection: OpaquePointer) -> Int32 {
    let id = nextId
    nextId += 1
    lws_set_opaque_user_data(connection, UnsafeMutableRawPointer(bitPattern: id))
    let network = boundNetwork(lws_get_socket_fd(connection))
    if let network { shares.take(network) }
    connections[id] = ServerConnection(handle: connection, network: network)
    ConnectionTimer.start(connection, seconds: configuration.handshakeDeadlineSeconds)
    return 0
  }

  private func timerFired(_ event: LoopEvent) -> Int32 {
    pipe(event)?.timerFired() ?? -1
  }

  /// The library ends the connection and will close its descriptor.
  private func closing(_ event: LoopEvent) {
    guard let connection = connections[event.id], connection.remainder == nil else { return }
    let isForReading: Bool
    if case .pipe(let pipe) = connection.role {
      pipe.wireEnded()
      isForReading = !pipe.wire.isReset
    } else {
      isForReading = connection.hasAnswered
    }
    guard isForReading else { return }
    let copy = fcntl(lws_get_socket_fd(event.connection), F_DUPFD_CLOEXEC, 0)
    if copy >= 0 { connections[event.id]?.remainder = copy }
  }

  private func ended(_ id: UInt) {
    guard let connection = connections.removeValue(forKey: id) else { return }
    if let network = connection.network { shares.giveBack(network) }
    switch connection.role {
    case .waiting: break
    case .http(let exchange): exchange.connectionEnded()
    case .pipe(let pipe): pipe.wireEnded()
    }
    if let remainder = connection.remainder {
      if let lingering { lingering.take(remainder) } else { Glibc.close(remainder) }
    }
    openIfAllGone()
  }

  /// Nothing is left of what the stop waits for: neither connections nor sockets that linger.
  private func openIfAllGone() {
    if isDraining, connections.isEmpty, lingering?.isEmpty != false { allGone.open(()) }
  }

  func loopEnding() {
    lingering?.close()
    lingering = nil
  }

  func loopEnded() {
    for id in connections.keys { ended(id) }
    connections = [:]
    loop = nil
    allGone.open(())
    work.finish()
  }

  /// Takes nothing new and lets what is there end: pipes with 1001, requests with their answer. When the grace period is
  /// over, nothing is waited for any more.
  func drain(gracePeriodSeconds: Int) {
    isDraining = true
    lingering?.drain(
      graceMilliseconds: UInt64(clamping: max(0, gracePeriodSeconds)) * 1_000,
      whenEmpty: { [weak self] in self?.openIfAllGone() }, whenOver: { [allGone] in allGone.open(()) })
    openIfAllGone()
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
    lingering = loop.uvLoop.map { LingeringSockets(on: $0, limits: configuration.linger) }
    var information = lws_context_creation_info()
    information.port = Int32(configuration.port)
    information.protocols = UnsafePointer(loop.protocols.pointer)
    information.timeout_secs = UInt32(clamping: configuration.handshakeDeadlineSeconds)
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
