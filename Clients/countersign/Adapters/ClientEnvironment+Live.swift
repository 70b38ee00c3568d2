// The adapters behind the client core: SQLite, WebSocket, HTTP, private files, clock and randomness.
import ClientCore
import OutboundHTTP
import StorageSQLite
import TransportWebSocket
import Trust

extension ClientEnvironment {
  private static let contentType = "application/x-protobuf"

  /// The real surroundings.
  static func live() -> ClientEnvironment {
    ClientEnvironment(
      openOutbox: { OpenStores.hold(try SQLiteOutboxStore.open(path: $0), path: $0) },
      openCache: { OpenStores.hold(try SQLiteCacheStore.open(path: $0), path: $0) },
      destroyCache: { try SQLiteCacheStore.destroy(path: $0) },
      connect: { try await WebSocketClient.connect(url: $0, timeoutSeconds: $1) },
      post: { try await exchange("POST", $0, body: $1, certificate: $2) },
      get: { try await exchange("GET", $0, body: nil, certificate: $1) },
      files: PrivateFiles(), nowMilliseconds: wallMilliseconds, uptimeMilliseconds: bootMilliseconds,
      randomBytes: { RandomBytes.make(count: $0) },
      sleep: { try await Task.sleep(for: .milliseconds($0)) }, agent: "countersign/\(Countersign.version)")
  }

  /// TLS accepts any certificate here: what comes back is judged by signatures of the server's pinned key.
  private static func exchange(
    _ method: String, _ url: String, body: [UInt8]?, certificate: [UInt8]?
  ) async throws -> HTTPReply {
    let request = HTTPClientRequest(
      method: method, url: url, headers: ["Content-Type": contentType, "Accept": contentType], body: body,
      verification: .reportCertificate, requiredCertificateDigest: certificate)
    let reply = try await HTTPClient().send(request)
    return (reply.status, reply.body, reply.certificateDigest)
  }
}
