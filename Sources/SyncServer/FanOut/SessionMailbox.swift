// What a session is told from outside its own task. Unbounded, and still bounded: each order has one answer, frames wait
// for their turn, and changes of a commit are shared, not copied.
import SyncEngine

struct SessionMailbox: Sendable {
  enum Item: Sendable {
    case event(ServerSessionEvent)
    /// A frame of the client; whoever reads the pipe goes on when it was handled.
    case frame(ServerSessionEvent, handled: CheckedContinuation<Void, Never>)
    /// The pipe has ended.
    case ended
  }

  private let continuation: AsyncStream<Item>.Continuation

  static func make() -> (items: AsyncStream<Item>, mailbox: SessionMailbox) {
    let (items, continuation) = AsyncStream.makeStream(of: Item.self, bufferingPolicy: .unbounded)
    return (items, SessionMailbox(continuation: continuation))
  }

  func post(_ event: ServerSessionEvent) { continuation.yield(.event(event)) }

  /// Returns when the event was handled.
  func handle(_ event: ServerSessionEvent) async {
    await withCheckedContinuation { handled in
      if case .terminated = continuation.yield(.frame(event, handled: handled)) { handled.resume() }
    }
  }

  func end() { continuation.yield(.ended) }

  func finish() { continuation.finish() }
}
