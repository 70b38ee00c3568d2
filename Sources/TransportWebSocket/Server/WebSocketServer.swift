// A server for WebSocket and HTTP on one port: starts the loop, runs the handlers on tasks, and stops both in order.
import Logging
import Synchronization
import Transport

/// WebSocket and HTTP on one port, plain or TLS. Starts once and stops once; make a new one to start again. An HTTP
/// connection carries one request.
///
/// Known limits of the library below: unmasked client frames are accepted; a request over the header limit and a ping over
/// 125 bytes lose their connection without an explanation.
package final class WebSocketServer: Sendable {
  private struct Running {
    let loop: WebSocketLoop
    let handler: ServerHandler
    let tasks: Task<Void, Never>
  }

  /// The library keeps a place for each file that the process may have open, up to here.
  private static let mostFiles = 65_536

  private enum State {
    case idle
    case starting
    case running(Running)
    case stopped
  }

  private let configuration: WebSocketServerConfiguration
  private let onConnection: @Sendable (any FramePipe) async -> Void
  private let onRequest: @Sendable (HTTPRequest) async -> HTTPResponse
  private let logger: Logger
  private let state = Mutex(State.idle)
  private let stopped = Latch<Void>()

  /// - Parameters:
  ///   - onConnection: serves one connection; when it returns, the connection is closed with 1000 if it is still open.
  ///   - onRequest: answers one HTTP request.
  package init(
    configuration: WebSocketServerConfiguration, logger: Logger = Logger(label: "countersign.transport"),
    onConnection: @escaping @Sendable (any FramePipe) async -> Void,
    onRequest: @escaping @Sendable (HTTPRequest) async -> HTTPResponse = { _ in .text(404, "There is nothing here.\n") }
  ) {
    self.configuration = configuration
    self.logger = logger
    self.onConnection = onConnection
    self.onRequest = onRequest
  }

  /// Listens, and returns where. Throws `WebSocketError` when it cannot, or was started before.
  package func start() async throws -> BoundAddress {
    let isFirst = state.withLock { state -> Bool in
      guard case .idle = state else { return false }
      state = .starting
      return true
    }
    guard isFirst else { throw WebSocketError(.notRunning, "The server was started before; make a new one.") }
    do {
      return try await listen()
    } catch {
      state.withLock { $0 = .stopped }
      stopped.open(())
      throw error
    }
  }

  private func listen() async throws -> BoundAddress {
    let digest = try configuration.tls.map { tls in try CertificateFile.digest(ofFile: tls.certificatePath) }
    // One item per connection at most, and connections are bounded.
    let (work, continuation) = AsyncStream.makeStream(of: ServerWork.self, bufferingPolicy: .unbounded)
    let handler = ServerHandler(
      configuration: configuration, certificateDigest: digest, work: continuation, logger: logger)
    let loop = WebSocketLoop(
      name: "websocket-server", handler: handler, files: Self.mostFiles, headerBytes: configuration.maximumHeaderBytes)
    try await loop.start()
    let tasks = Task { [onConnection, onRequest] in
      await Self.serve(work, onConnection: onConnection, onRequest: onRequest)
    }
    let running = Running(loop: loop, handler: handler, tasks: tasks)
    let isWanted = state.withLock { state -> Bool in
      guard case .starting = state else { return false }
      state = .running(running)
      return true
    }
    guard isWanted else {
      await Self.end(running, gracePeriodSeconds: 0)
      throw WebSocketError(.notRunning, "The server was stopped while it started; make a new one.")
    }
    let host = configuration.host == "localhost" ? "127.0.0.1" : configuration.host
    let address = BoundAddress(host: host, port: handler.boundPort, isTLS: configuration.tls != nil)
    logger.info("listening", metadata: ["address": "\(address)", "tls": "\(address.isTLS)"])
    return address
  }

  private static func serve(
    _ work: AsyncStream<ServerWork>, onConnection: @escaping @Sendable (any FramePipe) async -> Void,
    onRequest: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
  ) async {
    await withDiscardingTaskGroup { group in
      for await item in work {
        group.addTask {
          switch item {
          case .pipe(let pipe):
            await onConnection(pipe)
            await pipe.close(code: 1000, reason: "")
          case .request(let request, let exchange):
            exchange.respond(await onRequest(request))
          }
        }
      }
    }
  }

  /// Takes no new connections, closes the existing ones with 1001, and returns when everything has ended, handlers
  /// included (their tasks are cancelled once the connections are gone). Idempotent; a start that is not over fails.
  ///
  /// - Parameter gracePeriodSeconds: how long connections may take to write what is buffered and to answer the close.
  package func stop(gracePeriodSeconds: Int) async {
    let before = state.withLock { state -> State in
      defer { state = .stopped }
      return state
    }
    switch before {
    case .idle: stopped.open(())
    case .running(let running):
      await Self.end(running, gracePeriodSeconds: gracePeriodSeconds)
      logger.info("stopped")
      stopped.open(())
    // Whoever starts or stops it tells when that is over.
    case .starting, .stopped: await stopped.wait()
    }
  }

  private static func end(_ running: Running, gracePeriodSeconds: Int) async {
    running.loop.submit { running.handler.drain(gracePeriodSeconds: gracePeriodSeconds) }
    await running.handler.allGone.wait()
    await running.loop.stop()
    running.tasks.cancel()
    await running.tasks.value
  }
}
