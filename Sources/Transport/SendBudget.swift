// The sending half's book-keeping: how many bytes are accepted and not yet written, and who waits for room.
// It holds no bytes itself.
import Synchronization

/// A bounded count of buffered bytes. Senders wait in order; whoever writes the bytes gives the room back.
package final class SendBudget: Sendable {
  private enum Wish {
    case reserve(Int)
    case below(Int)
  }

  private struct Waiter {
    let id: UInt64
    let wish: Wish
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var buffered = 0
    var waiters: [Waiter] = []
    var nextWaiter: UInt64 = 0
    var failure: PipeError?

    /// Grants the wish if there is room. A message larger than the whole budget goes when nothing else is buffered.
    mutating func grant(_ wish: Wish, capacity: Int) -> Bool {
      switch wish {
      case .below(let bytes): return buffered == 0 || buffered < bytes
      case .reserve(let bytes):
        guard buffered == 0 || buffered + bytes <= capacity else { return false }
        buffered += bytes
        return true
      }
    }
  }

  private let state = Mutex(State())
  private let capacity: Int

  /// - Parameter capacity: bytes that may be buffered at once.
  package init(capacity: Int) {
    self.capacity = max(1, capacity)
  }

  /// Bytes reserved and not yet released.
  package var buffered: Int { state.withLock { $0.buffered } }

  /// Takes room for `bytes`, suspending while there is none. Throws the failure once `fail` was called.
  package func reserve(_ bytes: Int) async throws { try await wait(.reserve(bytes)) }

  /// Suspends until fewer than `bytes` are buffered, or none at all.
  package func wait(below bytes: Int) async throws { try await wait(.below(bytes)) }

  /// Gives room back after `bytes` were written or dropped.
  package func release(_ bytes: Int) {
    let granted = state.withLock { state -> [Waiter] in
      state.buffered = max(0, state.buffered - bytes)
      var granted: [Waiter] = []
      var kept: [Waiter] = []
      var senderWaits = false
      for waiter in state.waiters {
        let isSender = if case .reserve = waiter.wish { true } else { false }
        if (!isSender || !senderWaits) && state.grant(waiter.wish, capacity: capacity) {
          granted.append(waiter)
        } else {
          kept.append(waiter)
          senderWaits = senderWaits || isSender
        }
      }
      state.waiters = kept
      return granted
    }
    for waiter in granted { waiter.continuation.resume() }
  }

  /// Fails everyone who waits and everyone who comes; the first failure counts.
  package func fail(_ error: PipeError) {
    let waiters = state.withLock { state -> [Waiter] in
      guard state.failure == nil else { return [] }
      state.failure = error
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.continuation.resume(throwing: error) }
  }

  private func wait(_ wish: Wish) async throws {
    let id = state.withLock { state -> UInt64 in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        register(Waiter(id: id, wish: wish, continuation: continuation))
      }
    } onCancel: {
      let waiter = state.withLock { state -> Waiter? in
        state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
      }
      waiter?.continuation.resume(throwing: CancellationError())
    }
  }

  private func register(_ waiter: Waiter) {
    let answer = state.withLock { state -> Result<Void, any Error>? in
      if let failure = state.failure { return .failure(failure) }
      let mustQueue: Bool
      switch waiter.wish {
      case .reserve: mustQueue = state.waiters.contains { if case .reserve = $0.wish { true } else { false } }
      case .below: mustQueue = false
      }
      if !mustQueue && state.grant(waiter.wish, capacity: capacity) { return .success(()) }
      // A cancellation that came before the waiter was registered is seen here; one that comes later finds the waiter.
      if Task.isCancelled { return .failure(CancellationError()) }
      state.waiters.append(waiter)
      return nil
    }
    if let answer { waiter.continuation.resume(with: answer) }
  }
}
