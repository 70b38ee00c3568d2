// What one TCP connection of the server currently is.

/// The handler's record of one connection; on the loop's thread only.
struct ServerConnection {
  enum Role {
    /// Accepted, nothing decided yet.
    case waiting
    case http(HTTPExchange)
    case pipe(WebSocketPipe)
  }

  let handle: OpaquePointer
  /// Whose share of the places it is in; nil for a peer that has no bounds.
  let network: String?
  var role = Role.waiting
  /// Whether anything was said to the peer that must not be destroyed by a reset.
  var hasAnswered = false
  /// A second descriptor of the socket, taken when the library ends the connection and closes its own.
  var remainder: Int32?
}

/// What the loop gives to the tasks.
enum ServerWork: Sendable {
  case pipe(WebSocketPipe)
  case request(HTTPRequest, HTTPExchange)
}
