// Connects to a server. All connections of a process share one loop, which starts with the first.
import Dispatch
import Transport

/// The client side: makes pipes.
package enum WebSocketClient {
  /// Connects, and returns when the WebSocket is open.
  ///
  /// Names are looked up on the loop's thread, so a slow name server delays the other connections of the process. The attempt
  /// itself is given up in time all the same.
  ///
  /// - Parameters:
  ///   - url: `ws://` (this machine only, unless `allowsPlainText`) or `wss://`.
  ///   - timeoutSeconds: for everything up to the open WebSocket; at least 1.
  /// - Throws: `WebSocketError`; `CancellationError` when the task was cancelled.
  package static func connect(
    url: String, encoding: FrameEncoding = .binary, timeoutSeconds: Int = 20,
    verification: CertificateVerification = .pinnedLater, limits: PipeLimits = PipeLimits(), allowsPlainText: Bool = false
  ) async throws -> any FramePipe {
    let address = try WebSocketAddress(url: url)
    guard address.isTLS || address.host.isLoopback || allowsPlainText else {
      throw WebSocketError(
        .badAddress, "\(address.description) is another machine and ws:// is not encrypted; use wss://, or allow plain text.")
    }
    return try await ClientContext.shared.connect { id in
      ConnectionAttempt(
        id: id, address: address, encoding: encoding, verification: verification, limits: limits,
        timeoutSeconds: max(1, timeoutSeconds))
    }
  }

  /// Closes all connections and ends the loop; a later `connect` starts it again. For orderly exits and tests.
  package static func shutDown() async {
    await ClientContext.shared.shutDown()
  }
}

/// The process's one client loop, while there is one.
actor ClientContext {
  static let shared = ClientContext()
  /// More than any client has open; the library keeps a place for each.
  static let mostFiles = 256

  private struct Running {
    let loop: WebSocketLoop
    let handler: ClientHandler
  }

  private var running: Task<Running, any Error>?
  private var nextId: UInt = 1

  func connect(_ make: @Sendable (UInt) -> ConnectionAttempt) async throws -> WebSocketPipe {
    let attempt = make(nextId)
    nextId += 1
    let running = try await start()
    let result = await withTaskCancellationHandler {
      let isBegun = running.loop.submit { running.handler.connect(attempt) }
      if !isBegun { attempt.fail(WebSocketError(.notRunning, "The network client is being shut down; connect again.")) }
      Self.limit(attempt)
      return await attempt.result.wait()
    } onCancel: {
      // At once: the loop may be looking up a name, which can take longer than anybody wants to wait.
      attempt.fail(WebSocketError(.timedOut, "The attempt was given up."))
      running.loop.submit { running.handler.abandon(attempt) }
    }
    if Task.isCancelled {
      if case .success(let pipe) = result { pipe.beginClosing(code: 1001, reason: "") }
      throw CancellationError()
    }
    return try result.get()
  }

  /// The connection's own timer begins when its name was looked up. Whoever waits does not wait for that.
  private static func limit(_ attempt: ConnectionAttempt) {
    DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(attempt.timeoutSeconds)) { [weak attempt] in
      attempt?.timeOut()
    }
  }

  func shutDown() async {
    guard let task = running else { return }
    running = nil
    // A loop that could not start needs no stop; its failure was reported to who asked for it.
    guard case .success(let running) = await task.result else { return }
    await running.loop.stop()
  }

  private func start() async throws -> Running {
    if let running { return try await running.value }
    let task = Task {
      let handler = ClientHandler()
      let loop = WebSocketLoop(name: "websocket-client", handler: handler, files: Self.mostFiles)
      try await loop.start()
      return Running(loop: loop, handler: handler)
    }
    running = task
    do {
      return try await task.value
    } catch {
      running = nil
      throw error
    }
  }
}
