// Servers for tests, on a port that the system chooses.
import Foundation
import Synchronization
import Transport

@testable import TransportWebSocket

/// Sends every message back until the pipe ends.
@Sendable func echo(_ pipe: any FramePipe) async {
  do {
    for try await message in pipe.incoming { try await pipe.send(message) }
  } catch {
    // The pipe has ended; the test looks at the other end.
  }
}

/// Runs a server for the length of a closure.
@discardableResult
func withServer<Result>(
  _ configuration: WebSocketServerConfiguration = WebSocketServerConfiguration(),
  onConnection: @escaping @Sendable (any FramePipe) async -> Void = echo,
  onRequest: @escaping @Sendable (HTTPRequest) async -> HTTPResponse = { _ in .text(404, "nothing") },
  _ body: (BoundAddress, WebSocketServer) async throws -> Result
) async throws -> Result {
  let server = WebSocketServer(configuration: configuration, onConnection: onConnection, onRequest: onRequest)
  let address = try await server.start()
  do {
    let result = try await body(address, server)
    await server.stop(gracePeriodSeconds: 5)
    return result
  } catch {
    await server.stop(gracePeriodSeconds: 0)
    throw error
  }
}

/// A self-made certificate in files that go with their owner.
final class TestCertificate: Sendable {
  let made: SelfSignedCertificate
  let tls: WebSocketServerConfiguration.TLS
  private let folder: URL

  init() throws {
    made = try SelfSignedCertificate.make(
      commonName: "countersign test", alternativeNames: [.dns("localhost"), .address("127.0.0.1")], validDays: 30,
      unixSeconds: Int64(Date().timeIntervalSince1970))
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("countersign-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let certificate = folder.appendingPathComponent("certificate.pem")
    let key = folder.appendingPathComponent("key.pem")
    try made.certificatePEM.write(to: certificate, atomically: true, encoding: .utf8)
    try made.privateKeyPEM.write(to: key, atomically: true, encoding: .utf8)
    tls = .init(certificatePath: certificate.path, privateKeyPath: key.path)
  }

  deinit {
    // A folder that stays behind in the temporary directory harms nothing.
    try? FileManager.default.removeItem(at: folder)
  }
}

/// The first message of a pipe, or an error if there is none.
func first(of pipe: any FramePipe) async throws -> [UInt8] {
  struct NoMessage: Error {}
  for try await message in pipe.incoming { return message }
  throw NoMessage()
}

/// Keeps what handlers saw.
final class Seen<Value: Sendable>: Sendable {
  private let (stream, continuation) = AsyncStream.makeStream(of: Value.self)

  func add(_ value: Value) { continuation.yield(value) }

  func next() async -> Value? {
    for await value in stream { return value }
    return nil
  }
}
