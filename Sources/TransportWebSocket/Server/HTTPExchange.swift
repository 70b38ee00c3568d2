// One HTTP request and its answer on one connection, on the loop's thread: collects the body within its bound, hands the
// request over, writes the answer piece by piece.
import CWebSockets

/// One exchange.
///
/// `@unchecked Sendable`: everything that changes is touched by the loop's thread only; other threads only carry it back.
final class HTTPExchange: @unchecked Sendable {
  private enum State {
    case readingBody
    case discardingBody(HTTPResponse)
    case waitingForHandler
    case writing
  }

  /// Bytes of a too long body that are read and thrown away, so that the client can read the refusal.
  static let maximumDiscardedBytes = 16 * 1024 * 1024
  private static let pieceBytes = 64 * 1024

  let head: HTTPRequest
  private let loop: WebSocketLoop
  private let maximumBodyBytes: Int
  private let responseDeadlineSeconds: Int
  private var connection: OpaquePointer?
  private var state: State
  private var body: [UInt8] = []
  private var response = HTTPResponse(status: 500)
  /// Whether nothing is left that could tell of the body's end.
  private var isEndKnown: Bool
  private var isHeadWritten = false
  private var writtenBytes = 0

  init(
    head: HTTPRequest, contentLength: Int, connection: OpaquePointer, loop: WebSocketLoop,
    configuration: WebSocketServerConfiguration
  ) {
    self.head = head
    self.connection = connection
    self.loop = loop
    maximumBodyBytes = configuration.maximumBodyBytes
    responseDeadlineSeconds = configuration.responseDeadlineSeconds
    isEndKnown = contentLength > 0
    if contentLength > maximumBodyBytes {
      state = .discardingBody(configuration.answerToRefused(.longBody, head))
    } else {
      state = .readingBody
    }
  }

  func received(_ piece: UnsafeRawBufferPointer) -> Int32 {
    guard case .readingBody = state else { return 0 }
    guard piece.count <= maximumBodyBytes - body.count else { return -1 }
    body.append(contentsOf: piece)
    return 0
  }

  enum Completion {
    /// The handler is asked.
    case request(HTTPRequest)
    /// The answer is known; the connection ends with it.
    case refusal(HTTPResponse)
    /// The library tells of the end of an empty body a second time.
    case known
    /// More came behind the body. The library would offer it again and again for as long as the handler works.
    case surplus
  }

  /// The request's body has come, or something behind it.
  func bodyCompleted() -> Completion {
    switch state {
    case .discardingBody(let refusal): return .refusal(refusal)
    case .readingBody:
      state = .waitingForHandler
      if let connection {
        // The handler takes the time it needs; the library's own limit is for clients.
        countersign_lws_no_timeout(connection)
        ConnectionTimer.stop(connection)
      }
      defer { body = [] }
      return .request(
        HTTPRequest(
          method: head.method, path: head.path, query: head.query, headers: head.headers, body: body,
          peerDescription: head.peerDescription))
    case .waitingForHandler, .writing:
      defer { isEndKnown = true }
      return isEndKnown ? .surplus : .known
    }
  }

  /// The handler's answer; from any thread.
  func respond(_ response: HTTPResponse) {
    loop.submit { self.answer(response) }
  }

  func connectionEnded() { connection = nil }

  private func answer(_ response: HTTPResponse) {
    guard let connection else { return }
    self.response = response.isWellFormed ? response : .text(500, "The answer could not be written.\n")
    // One request a connection: nobody's second request waits behind a slow first one, or hides in its body.
    self.response.headers["connection"] = "close"
    state = .writing
    ConnectionTimer.start(connection, seconds: responseDeadlineSeconds)
    lws_callback_on_writable(connection)
  }

  enum Progress {
    case more
    case done
    case broken
  }

  /// The socket takes more.
  func write() -> Progress {
    guard let connection, case .writing = state else { return .more }
    if !isHeadWritten {
      guard Self.writeHead(of: response, to: connection, on: loop) else { return .broken }
      isHeadWritten = true
    }
    let body = head.method == "HEAD" ? [] : response.body
    while writtenBytes < body.count && lws_send_pipe_choked(connection) == 0 {
      let end = min(writtenBytes + Self.pieceBytes, body.count)
      let kind = end == body.count ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP
      guard loop.write(body[writtenBytes..<end], to: connection, as: kind) else { return .broken }
      writtenBytes = end
    }
    // What the library holds back it would only keep for a few seconds once the connection ends.
    guard writtenBytes == body.count, lws_partial_buffered(connection) == 0 else {
      lws_callback_on_writable(connection)
      return .more
    }
    return .done
  }

  /// Writes a short answer in one go, for a connection that ends with it. What the socket does not take the library keeps
  /// for a few seconds.
  static func writeAtOnce(_ response: HTTPResponse, to connection: OpaquePointer, on loop: WebSocketLoop) {
    var response = response
    response.headers["connection"] = "close"
    guard response.isWellFormed, writeHead(of: response, to: connection, on: loop), !response.body.isEmpty else { return }
    // Whether it could be written or not, the connection ends now.
    _ = loop.write(response.body, to: connection, as: LWS_WRITE_HTTP_FINAL)
  }

  private static func writeHead(of response: HTTPResponse, to connection: OpaquePointer, on loop: WebSocketLoop) -> Bool {
    let prefix = countersign_lws_pre
    let headerBytes = response.headers.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 8 }
    let capacity = 2048 + response.contentType.utf8.count + headerBytes
    // The library writes between `start` and `end` only, and fails when it needs more.
    let start = (loop.scratch(atLeast: prefix + capacity) + prefix).assumingMemoryBound(to: UInt8.self)
    let end = start + capacity
    var cursor: UnsafeMutablePointer<UInt8>? = start
    let isBegun = lws_add_http_common_headers(
      connection, UInt32(response.status), response.contentType, lws_filepos_t(response.body.count), &cursor, end)
    guard isBegun == 0 else { return false }
    for (name, value) in response.headers.sorted(by: { $0.key < $1.key }) {
      let bytes = Array(value.utf8)
      let isAdded = lws_add_http_header_by_name(connection, "\(name.lowercased()):", bytes, Int32(bytes.count), &cursor, end)
      guard isAdded == 0 else { return false }
    }
    return lws_finalize_write_http_header(connection, start, &cursor, end) == 0
  }
}
