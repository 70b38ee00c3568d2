// The HTTP client against our own server, over real sockets.
import Foundation
import Testing

@testable import OutboundHTTP
@testable import TransportWebSocket

@Suite(.timeLimit(.minutes(5)))
struct HTTPClientTests {
  private let client = HTTPClient()

  /// Runs a server that describes what it was sent.
  private func withMirror(
    _ configuration: WebSocketServerConfiguration = WebSocketServerConfiguration(), _ body: (BoundAddress) async throws -> Void
  ) async throws {
    let server = WebSocketServer(configuration: configuration, onConnection: { _ in }) { request in
      switch request.path {
      case "/mirror":
        let words = [request.method, request.query, request.headers["content-type"] ?? "-", request.headers["x-note"] ?? "-"]
        return HTTPResponse(
          status: 200, headers: ["X-Words": words.joined(separator: "|")], body: request.body)
      case "/long": return HTTPResponse(status: 200, body: [UInt8](repeating: 0x61, count: 3_000_000))
      case "/bad": return HTTPResponse(status: 200, headers: ["X-Bad": "a\r\nInjected: yes"])
      default: return .text(404, "nothing here")
      }
    }
    let address = try await server.start()
    do { try await body(address) } catch {
      await server.stop(gracePeriodSeconds: 0)
      throw error
    }
    await server.stop(gracePeriodSeconds: 5)
  }

  private var mirror: WebSocketServerConfiguration {
    var configuration = WebSocketServerConfiguration()
    configuration.wantedHeaders += ["x-note"]
    return configuration
  }

  @Test func `GET, POST, PUT, HEAD and DELETE arrive as sent`() async throws {
    try await withMirror(mirror) { address in
      for (method, body) in [
        ("GET", nil), ("POST", [1, 0, 2]), ("PUT", [UInt8](repeating: 7, count: 200_000)), ("POST", []), ("DELETE", nil),
      ] as [(String, [UInt8]?)] {
        let answer = try await client.send(
          HTTPClientRequest(method: method, url: address.httpURL + "/mirror?a=1&b=2", headers: ["X-Note": "hello"], body: body))
        #expect(answer.status == 200)
        #expect(answer.headers["x-words"] == "\(method)|a=1&b=2|-|hello")
        #expect(answer.body == body ?? [])
        #expect(answer.certificateDigest == nil)
      }
      let head = try await client.send(HTTPClientRequest(method: "HEAD", url: address.httpURL + "/long"))
      #expect(head.body.isEmpty)
      #expect(head.headers["content-length"] == "3000000")
    }
  }

  @Test func `unknown paths are 404 and broken answers are 500`() async throws {
    try await withMirror { address in
      let missing = try await client.send(HTTPClientRequest(url: address.httpURL + "/no"))
      #expect(missing.status == 404)
      #expect(missing.body == Array("nothing here".utf8))
      let broken = try await client.send(HTTPClientRequest(url: address.httpURL + "/bad"))
      #expect(broken.status == 500)
      #expect(broken.headers["injected"] == nil)
    }
  }

  @Test func `a body over the limit is answered 413`() async throws {
    try await withMirror { address in
      for count in [256 * 1024 + 1, 2_000_000] {
        let answer = try await client.send(
          HTTPClientRequest(method: "POST", url: address.httpURL + "/mirror", body: [UInt8](repeating: 1, count: count)))
        #expect(answer.status == 413)
      }
      let fits = try await client.send(
        HTTPClientRequest(method: "POST", url: address.httpURL + "/mirror", body: [UInt8](repeating: 1, count: 256 * 1024)))
      #expect(fits.status == 200)
      #expect(fits.body.count == 256 * 1024)
    }
  }

  @Test func `a long answer arrives whole, or is refused at the caller's limit`() async throws {
    try await withMirror { address in
      let whole = try await client.send(HTTPClientRequest(url: address.httpURL + "/long", responseLimitBytes: 3_000_000))
      #expect(whole.body == [UInt8](repeating: 0x61, count: 3_000_000))
      await #expect(throws: HTTPClientError(.responseTooLong, "")) {
        _ = try await client.send(HTTPClientRequest(url: address.httpURL + "/long", responseLimitBytes: 2_999_999))
      }
    }
  }

  @Test func `the certificate is reported, required, or verified`() async throws {
    let made = try SelfSignedCertificate.make(
      commonName: "test", alternativeNames: [.address("127.0.0.1")], validDays: 2,
      unixSeconds: Int64(Date().timeIntervalSince1970))
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("countersign-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // A folder that stays behind in the temporary directory harms nothing.
    defer { try? FileManager.default.removeItem(at: folder) }
    let certificate = folder.appendingPathComponent("certificate.pem").path
    let key = folder.appendingPathComponent("key.pem").path
    try made.certificatePEM.write(toFile: certificate, atomically: true, encoding: .utf8)
    try made.privateKeyPEM.write(toFile: key, atomically: true, encoding: .utf8)
    try await withMirror(WebSocketServerConfiguration(tls: .init(certificatePath: certificate, privateKeyPath: key))) {
      address in
      func request(_ verification: HTTPCertificateVerification, _ digest: [UInt8]? = nil) -> HTTPClientRequest {
        HTTPClientRequest(
          method: "POST", url: address.httpURL + "/mirror", body: [1], verification: verification,
          requiredCertificateDigest: digest)
      }
      let reported = try await client.send(request(.reportCertificate))
      #expect(reported.certificateDigest == made.certificateDigest)
      let required = try await client.send(request(.reportCertificate, made.certificateDigest))
      #expect(required.status == 200)
      let other = [UInt8](repeating: 0, count: 32)
      await #expect(throws: HTTPClientError(.certificateMismatch, "")) {
        _ = try await client.send(request(.reportCertificate, other))
      }
      await #expect(throws: HTTPClientError(.tls, "")) { _ = try await client.send(request(.system)) }
    }
  }

  @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/", "http://", "not an address", "http://127.0.0.1/a b"])
  func `an address that is not HTTP is refused`(url: String) async {
    await #expect(throws: HTTPClientError(.badRequest, "")) { _ = try await client.send(HTTPClientRequest(url: url)) }
  }

  @Test func `a head over the limit ends the request, and is told apart from a body`() {
    let transfer = Transfer(HTTPClientRequest(url: "http://127.0.0.1/"))
    let line = Array("X-Long: \(String(repeating: "x", count: Transfer.maximumHeaderBytes * 2 / 3))\r\n".utf8)
    let isTaken = (0..<2).map { _ in line.withUnsafeBytes { transfer.take(header: $0) } }
    #expect(isTaken == [true, false])
    #expect(transfer.isHeadTooLong && !transfer.isTooLong)
  }

  @Test func `headers that would be two lines are refused`() async {
    let request = HTTPClientRequest(url: "http://127.0.0.1:1/", headers: ["X-A": "a\r\nB: c"])
    await #expect(throws: HTTPClientError(.badRequest, "")) { _ = try await client.send(request) }
  }

  @Test func `nobody listening and nobody answering are clear errors`() async throws {
    var gone: BoundAddress?
    try await withMirror { gone = $0 }
    let url = try #require(gone).httpURL
    await #expect(throws: HTTPClientError(.cannotConnect, "")) { _ = try await client.send(HTTPClientRequest(url: url)) }
  }
}
