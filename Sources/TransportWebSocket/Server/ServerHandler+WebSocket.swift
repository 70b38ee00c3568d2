// WebSocket handshakes: what wants to become one, in which subprotocol, and the pipe that it becomes.
import CWebSockets
import Transport

extension ServerHandler {
  func encoding(of connection: OpaquePointer) -> FrameEncoding? {
    guard let name = lws_get_protocol(connection)?.pointee.name else { return nil }
    return FrameEncoding(subprotocol: String(cString: name))
  }

  /// Whether the client wants a WebSocket and offers a subprotocol of ours; otherwise it is told so. The library would also
  /// change to HTTP/2, which nobody here speaks.
  func confirmUpgrade(_ event: LoopEvent) -> Int32 {
    let head = RequestHead(connection: event.connection)
    let isWebSocket = head.header(WSI_TOKEN_UPGRADE)?.lowercased() == "websocket"
    let offered = head.header(WSI_TOKEN_PROTOCOL) ?? ""
    let isKnown = offered.split(separator: ",").contains { offer in
      FrameEncoding(subprotocol: String(offer.drop { $0 == " " }.prefix { $0 != " " })) != nil
    }
    guard isWebSocket, isKnown else { return refuse(event, .noSubprotocol) }
    return isDraining ? -1 : 0
  }

  func established(_ event: LoopEvent) -> Int32 {
    guard let encoding = encoding(of: event.connection), let loop, connections[event.id] != nil, !isDraining else { return -1 }
    ConnectionTimer.stop(event.connection)
    let pipe = WebSocketPipe(
      connection: event.connection, encoding: encoding, peerDescription: RequestHead.peer(of: event.connection),
      digest: certificateDigest, limits: configuration.pipeLimits, loop: loop)
    connections[event.id]?.role = .pipe(pipe)
    work.yield(.pipe(pipe))
    return 0
  }
}
