// Where C enters: the one callback of every protocol, and the table of protocols it stands in.
import CWebSockets
import Transport

/// The callback of every protocol. Finds the loop by the context and hands the event over.
func webSocketCallback(
  connection: OpaquePointer?, reason: lws_callback_reasons, session: UnsafeMutableRawPointer?,
  input: UnsafeMutableRawPointer?, length: Int
) -> Int32 {
  guard let connection, let context = lws_get_context(connection), let user = lws_context_user(context) else { return 0 }
  // The pointer is the loop that made the context and outlives it.
  let loop = Unmanaged<WebSocketLoop>.fromOpaque(user).takeUnretainedValue()
  if reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED {
    // It comes once per protocol and virtual host; after the first there is nothing left to run.
    loop.runCommands()
    return 0
  }
  return loop.dispatch(LoopEvent(connection: connection, reason: reason, input: input, length: length))
}

/// The protocols offered, in memory that the library may keep pointing at.
struct ProtocolTable: ~Copyable {
  /// The name of protocol 0. A client without a subprotocol is bound to it, and it takes no WebSocket at all.
  static let http = "http"

  let pointer: UnsafeMutablePointer<lws_protocols>
  private let names: [UnsafeMutablePointer<CChar>?]

  init() {
    let names = ([Self.http] + FrameEncoding.allCases.map(\.subprotocol)).map { strdup($0) }
    self.names = names
    pointer = .allocate(capacity: names.count + 1)
    for (index, name) in names.enumerated() {
      var entry = lws_protocols()
      entry.name = UnsafePointer(name)
      entry.callback = webSocketCallback
      entry.rx_buffer_size = 16 * 1024
      (pointer + index).initialize(to: entry)
    }
    // An entry without a callback ends the table.
    (pointer + names.count).initialize(to: lws_protocols())
  }

  deinit {
    // The owner (the loop) is released after its context is gone, so nothing points here any more.
    pointer.deinitialize(count: names.count + 1)
    pointer.deallocate()
    for name in names { free(name) }
  }
}
