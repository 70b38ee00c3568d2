// Runs one connection: reads frames, drives the session's machine, carries its orders out. It decides nothing.
import Logging
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Transport
import Trust

package struct SessionRunner: Sendable {
  private let host: TenantHost
  private let registry: SessionRegistry
  private let logger: Logger

  package init(host: TenantHost, registry: SessionRegistry, logger: Logger = Logger(label: "countersign.session")) {
    self.host = host
    self.registry = registry
    self.logger = logger
  }

  /// Serves the connection until it is closed.
  package func serve(_ pipe: any FramePipe) async {
    let (items, mailbox) = SessionMailbox.make()
    let outbound = Outbound()
    let encoding: WireEncoding = pipe.encoding == .json ? .json : .binary
    let machine = ServerSession(
      configuration: ServerSessionConfiguration(
        serverName: host.identity.name, signingKey: host.identity.signingKey, nonce: host.environment.randomDigest(),
        tlsCertificateDigest: pipe.tlsCertificateDigest.flatMap { Digest($0) }),
      nowMilliseconds: host.environment.uptimeMilliseconds())
    var driver = SessionDriver(
      machine: machine, host: host, mailbox: mailbox, outbound: outbound, encoding: encoding, logger: logger)
    guard let ticket = registry.add(mailbox) else {
      return await pipe.close(code: GoodbyeCode.shuttingDown.webSocketCloseCode, reason: "")
    }
    host.metrics.connectionOpened()
    prepareFarewell(pipe, encoding: encoding)
    let metrics = host.metrics
    await withDiscardingTaskGroup { group in
      group.addTask {
        let isSlow = await Self.read(pipe, encoding: encoding, into: mailbox, while: outbound)
        if isSlow { metrics.saidGoodbye(.slowReader) }
      }
      group.addTask { await outbound.run(pipe, mailbox: mailbox) }
      await driver.run(items)
      outbound.abandon()
    }
    registry.remove(ticket)
    mailbox.finish()
    driver.leave()
    host.metrics.connectionClosed()
  }

  /// A client that reads too little is told so in place of what it did not read. Only the pipe knows when.
  private func prepareFarewell(_ pipe: any FramePipe, encoding: WireEncoding) {
    let goodbye = Goodbye(
      code: .slowReader, retryAfterMilliseconds: ServerSessionLimits.retryAfterSlowReaderMilliseconds,
      detail: "Too little was read of what was sent; what waited was dropped, and comes again after the next start.")
    do {
      let message = try FrameCodec.encode(ServerFrame.goodbye(goodbye), as: encoding)
      pipe.setFarewellToSlowReader(Farewell(message: message, code: goodbye.code.webSocketCloseCode))
    } catch {
      logger.error("frame not sent", metadata: ["code": "\(error.code.rawValue)"])
    }
  }

  /// One frame at a time: the next is read when the one before was handled and the client reads what it is sent. Returns
  /// whether the client was given up because it read too slowly.
  private static func read(
    _ pipe: any FramePipe, encoding: WireEncoding, into mailbox: SessionMailbox, while outbound: Outbound
  ) async -> Bool {
    defer { mailbox.end() }
    do {
      for try await bytes in pipe.incoming {
        await mailbox.handle(event(for: bytes, encoding: encoding))
        await outbound.waitWhileChoked()
      }
      return false
    } catch {
      // However the pipe ended, the session is over; what was committed is safe and what was not will be sent again.
      return (error as? PipeError)?.code == .writeDeadline
    }
  }

  private static func event(for bytes: [UInt8], encoding: WireEncoding) -> ServerSessionEvent {
    do {
      return .frameReceived(try FrameCodec.decodeClientFrame(bytes, as: encoding))
    } catch {
      switch error.code {
      case .malformed: return .frameRefused(.malformedFrame, detail: error.sentence)
      case .tooLarge: return .frameRefused(.tooLarge, detail: error.sentence)
      case .unknownFrame: return .frameRefused(.unexpectedFrame, detail: error.sentence)
      }
    }
  }
}
