// What one TCP connection of the server currently is.

/// The handler's record of one connection; on the loop's thread only.
struct ServerConnection {
  enum Role {
    /// Accepted, nothing decided yet; or between two HTTP requests.
    case waiting
    case http(HTTPExchange)
    case pipe(WebSocketPipe)
  }

  let handle: OpaquePointer
  var role = Role.waiting
}

/// What the loop gives to the tasks.
enum ServerWork: Sendable {
  case pipe(WebSocketPipe)
  case request(HTTPRequest, HTTPExchange)
}
