// The running server as one service: listens, lets time pass, and stops in order.
import Logging
import ServiceLifecycle
import Storage
import SyncServer
import Transport
import TransportWebSocket
import Trust

struct ServerService: Service {
  static let tickMilliseconds = 5_000
  /// How long sessions get to take their leave, all together under two seconds.
  static let leaveMilliseconds = 700
  static let leaveStepMilliseconds = 20
  /// What proxies add to the requests that they pass on.
  private static let forwardingHeaders = ["forwarded", "x-forwarded-for"]

  let host: TenantHost
  let registry: SessionRegistry
  let directory: any DirectoryStore
  let listen: ListenAddress
  let tls: WebSocketServerConfiguration.TLS?
  /// Nil for the transport's own.
  let slowReaderSeconds: Int?
  let connectionsPerNetwork: Int?
  let notice: ReadyNotice
  let publicHost: String
  /// Whether the run before this one did not end in order.
  let wasKilled: Bool
  let logger: Logger

  func run() async throws {
    let server = try makeServer()
    let bound = try await start(server)
    do {
      let url = url(of: bound)
      try directory.set(DataDirectory.Setting.lastListen, to: ListenAddress(host: listen.host, port: bound.port).description)
      try directory.set(DataDirectory.Setting.lastURL, to: url)
      try notice.give(url: url)
      if tls == nil, !listen.isLoopback { logger.warning("plain text beyond this machine, where no device takes it") }
      logger.notice("serving", metadata: ["url": "\(url)"])
      await passTime()
    } catch {
      await stop(server)
      throw error
    }
    await stop(server)
  }

  /// From here on something may be decided, so a run that is not ended in order is one to be careful after.
  private func start(_ server: WebSocketServer) async throws -> BoundAddress {
    try directory.set(DataDirectory.Setting.running, to: "1")
    do {
      return try await server.start()
    } catch {
      // Nothing was decided, so what was known of the run before still holds.
      try directory.set(DataDirectory.Setting.running, to: wasKilled ? "1" : "0")
      guard let refusal = error as? WebSocketError else { throw error }
      throw ConfigurationError("Cannot serve at \(listen): \(refusal.message)")
    }
  }

  private func makeServer() throws -> WebSocketServer {
    var configuration = WebSocketServerConfiguration(host: listen.host, port: listen.port, tls: tls)
    configuration.wantedHeaders = ["content-type"] + Self.forwardingHeaders
    // No body is kept that could not be a request: every connection may bring one.
    configuration.maximumBodyBytes = configuration.pipeLimits.maximumJSONMessageBytes
    let files = FileBudget.claim(logger)
    files.bound(&configuration)
    host.limit(openTenants: files.tenants(beside: configuration))
    if let slowReaderSeconds { configuration.pipeLimits.writeDeadlineSeconds = slowReaderSeconds }
    if let connectionsPerNetwork { configuration.maximumConnectionsPerNetwork = connectionsPerNetwork }
    configuration.answerToRefused = { refusal, request in
      Self.response(
        HTTPEdge.answer(to: Self.request(request), status: refusal.status, refusedFor: Self.fault(refusal)))
    }
    let runner = SessionRunner(host: host, registry: registry, logger: logger)
    let digest = try tls.flatMap { Digest(try CertificateFile.digest(ofFile: $0.certificatePath)[...]) }
    let edge = HTTPEdge(host: host, registry: registry, tlsCertificateDigest: digest, version: ProgramVersion.text)
    return WebSocketServer(
      configuration: configuration, logger: logger, onConnection: { pipe in await runner.serve(pipe) },
      onRequest: { request in
        Self.response(await edge.answer(Self.request(request)))
      })
  }

  private static func request(_ request: HTTPRequest) -> EdgeRequest {
    EdgeRequest(
      method: request.method, path: request.path, contentType: request.headers["content-type"] ?? "", body: request.body,
      peer: request.peerDescription, isForwarded: forwardingHeaders.contains { request.headers[$0] != nil })
  }

  private static func response(_ answer: EdgeAnswer) -> HTTPResponse {
    HTTPResponse(status: answer.status, contentType: answer.contentType, headers: answer.headers, body: answer.body)
  }

  private static func fault(_ refusal: HTTPRefusal) -> EdgeFault {
    switch refusal {
    case .noSubprotocol: .noSubprotocol
    case .noLength: .noLength
    case .badLength: .badLength
    case .longBody: .longBody
    }
  }

  private func url(of bound: BoundAddress) -> String {
    guard listen.isEveryAddress else { return bound.webSocketURL }
    return "\(bound.isTLS ? "wss" : "ws")://\(publicHost):\(bound.port)"
  }

  /// Until the server is told to stop.
  private func passTime() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        // It ends by a signal or by cancellation; either way the server stops.
        try? await gracefulShutdown()
      }
      group.addTask {
        while !Task.isCancelled {
          // Only the end of the server interrupts it.
          try? await Task.sleep(for: .milliseconds(Self.tickMilliseconds))
          registry.tick()
          host.closeIdle()
        }
      }
      await group.next()
      group.cancelAll()
    }
  }

  private func stop(_ server: WebSocketServer) async {
    logger.notice("stopping", metadata: ["sessions": "\(registry.count)"])
    ReadyNotice.stopping()
    registry.stop()
    var waited = 0
    while registry.count > 0, waited < Self.leaveMilliseconds {
      // A step that is cut short only ends the wait earlier.
      try? await Task.sleep(for: .milliseconds(Self.leaveStepMilliseconds))
      waited += Self.leaveStepMilliseconds
    }
    await server.stop(gracePeriodSeconds: 1)
    await host.closeAll()
    do {
      try directory.set(DataDirectory.Setting.running, to: "0")
      try directory.close()
      logger.notice("stopped")
    } catch {
      logger.error("the orderly stop could not be noted", metadata: ["remedy": "none needed; the next run is careful"])
    }
  }
}
