// The receiving half of a pipe: a short queue between the wire and one consumer. The producer is told when to pause;
// the consumer's progress tells it when to go on. Nothing is dropped.
import Synchronization

/// The messages of a pipe as an asynchronous sequence. One consumer; a second iterator continues where the first stopped.
package struct IncomingFrames: AsyncSequence, Sendable {
  package typealias Element = [UInt8]
  package typealias Failure = any Error

  private let queue: FrameQueue

  package init(_ queue: FrameQueue) {
    self.queue = queue
  }

  package func makeAsyncIterator() -> Iterator { Iterator(queue: queue) }

  package struct Iterator: AsyncIteratorProtocol {
    fileprivate let queue: FrameQueue

    /// The next message; nil after an ordinary end or when the task is cancelled.
    package mutating func next() async throws -> [UInt8]? {
      try await queue.next()
    }
  }
}

/// The queue behind `IncomingFrames`, filled by an adapter.
package final class FrameQueue: Sendable {
  private struct Waiter {
    let id: UInt64
    let continuation: CheckedContinuation<[UInt8]?, any Error>
  }

  private struct State {
    var frames: [[UInt8]] = []
    var readIndex = 0
    var waiters: [Waiter] = []
    var nextWaiter: UInt64 = 0
    var end: Result<Void, any Error>?
    var count: Int { frames.count - readIndex }

    mutating func takeFirst() -> [UInt8]? {
      guard readIndex < frames.count else { return nil }
      let frame = frames[readIndex]
      frames[readIndex] = []
      readIndex += 1
      if readIndex == frames.count || readIndex >= 64 {
        frames.removeFirst(readIndex)
        readIndex = 0
      }
      return frame
    }
  }

  private let state = Mutex(State())
  private let capacity: Int
  private let onTake: @Sendable (_ bytes: Int, _ remaining: Int) -> Void

  /// - Parameters:
  ///   - capacity: how many messages may wait before `offer` asks the producer to pause.
  ///   - onTake: called, outside any lock, whenever the consumer has taken a message, with its size and how many remain.
  package init(capacity: Int, onTake: @escaping @Sendable (_ bytes: Int, _ remaining: Int) -> Void) {
    self.capacity = max(1, capacity)
    self.onTake = onTake
  }

  /// How many messages wait.
  package var count: Int { state.withLock { $0.count } }

  /// Appends a message. Returns whether the producer may go on; false asks it to pause until `onTake` reports room.
  /// After the end the message is dropped.
  package func offer(_ frame: [UInt8]) -> Bool {
    let (waiter, mayGoOn) = state.withLock { state -> (Waiter?, Bool) in
      guard state.end == nil else { return (nil, true) }
      guard state.waiters.isEmpty else { return (state.waiters.removeFirst(), true) }
      state.frames.append(frame)
      return (nil, state.count < capacity)
    }
    if let waiter {
      waiter.continuation.resume(returning: frame)
      onTake(frame.count, 0)
    }
    return mayGoOn
  }

  /// Ends the sequence after what is queued; `error` nil means an ordinary end. The first end counts.
  package func finish(throwing error: (any Error)? = nil) {
    let waiters = state.withLock { state -> [Waiter] in
      guard state.end == nil else { return [] }
      state.end = error.map { .failure($0) } ?? .success(())
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters {
      if let error { waiter.continuation.resume(throwing: error) } else { waiter.continuation.resume(returning: nil) }
    }
  }

  func next() async throws -> [UInt8]? {
    let id = state.withLock { state -> UInt64 in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in register(Waiter(id: id, continuation: continuation)) }
    } onCancel: {
      let waiter = state.withLock { state -> Waiter? in
        state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
      }
      waiter?.continuation.resume(returning: nil)
    }
  }

  private func register(_ waiter: Waiter) {
    let (frame, end, remaining) = state.withLock { state -> ([UInt8]?, Result<Void, any Error>?, Int) in
      if let frame = state.takeFirst() { return (frame, nil, state.count) }
      if let end = state.end { return (nil, end, 0) }
      // A cancellation that came before the waiter was registered is seen here; one that comes later finds the waiter.
      if Task.isCancelled { return (nil, .success(()), 0) }
      state.waiters.append(waiter)
      return (nil, nil, 0)
    }
    if let frame {
      waiter.continuation.resume(returning: frame)
      onTake(frame.count, remaining)
    } else if let end {
      waiter.continuation.resume(with: end.map { nil })
    }
  }
}
