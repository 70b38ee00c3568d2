// The server's HTTP half on the loop's thread: what a request must be to reach a handler, and the way of its answer.
import CWebSockets

extension ServerHandler {
  func requestBegan(_ event: LoopEvent) -> Int32 {
    let head = RequestHead(connection: event.connection)
    guard let target = head.target, let loop, connections[event.id] != nil else { return -1 }
    let request = request(head, target, event.connection)
    let announced = head.header(WSI_TOKEN_HTTP_CONTENT_LENGTH)
    let mustHaveLength = ["POST", "PUT", "PATCH"].contains(target.method)
    guard head.header(WSI_TOKEN_HTTP_TRANSFER_ENCODING) == nil, announced != nil || !mustHaveLength else {
      return refuse(event, .noLength)
    }
    guard let length = Self.bodyBytes(announced) else { return refuse(event, .badLength) }
    guard length <= max(configuration.maximumBodyBytes, HTTPExchange.maximumDiscardedBytes) else {
      return refuse(event, .longBody)
    }
    let exchange = HTTPExchange(
      head: request, contentLength: length, connection: event.connection, loop: loop, configuration: configuration)
    connections[event.id]?.role = .http(exchange)
    ConnectionTimer.start(event.connection, seconds: configuration.handshakeDeadlineSeconds)
    return length == 0 ? requestCompleted(event) : 0
  }

  /// How long the body is; nil for a length that is not digits alone, which others might read in another way.
  private static func bodyBytes(_ announced: String?) -> Int? {
    guard let announced else { return 0 }
    return announced.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ? Int(announced) : nil
  }

  private func request(_ head: RequestHead, _ target: (method: String, path: String), _ connection: OpaquePointer)
    -> HTTPRequest
  {
    var headers: [String: String] = [:]
    for name in configuration.wantedHeaders { headers[name] = head.header(name) }
    return HTTPRequest(
      method: target.method, path: target.path, query: head.query, headers: headers,
      peerDescription: RequestHead.peer(of: connection))
  }

  /// Answers at once and ends the connection. Returns what the library expects.
  func refuse(_ event: LoopEvent, _ refusal: HTTPRefusal) -> Int32 {
    let head = RequestHead(connection: event.connection)
    guard let loop, let target = head.target else { return -1 }
    let response = configuration.answerToRefused(refusal, request(head, target, event.connection))
    connections[event.id]?.hasAnswered = true
    HTTPExchange.writeAtOnce(response, to: event.connection, on: loop)
    return -1
  }

  func requestCompleted(_ event: LoopEvent) -> Int32 {
    guard let loop, let exchange = exchange(event) else { return -1 }
    switch exchange.bodyCompleted() {
    case .request(let request):
      work.yield(.request(request, exchange))
      return 0
    case .refusal(let response):
      connections[event.id]?.hasAnswered = true
      HTTPExchange.writeAtOnce(response, to: event.connection, on: loop)
      return -1
    case .known: return 0
    case .surplus: return -1
    }
  }

  /// Every answer ends its connection. Returns what the library expects.
  func writeResponse(_ event: LoopEvent) -> Int32 {
    guard let exchange = exchange(event) else { return 0 }
    connections[event.id]?.hasAnswered = true
    return exchange.write() == .more ? 0 : -1
  }
}
