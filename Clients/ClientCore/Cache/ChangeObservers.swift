// Who wants to know which subjects changed, in this process.
import ReviewModel
import Synchronization

final class ChangeObservers: Sendable {
  private struct State {
    var next = 0
    var observers: [Int: AsyncStream<Set<String>>.Continuation] = [:]
  }

  private let state = Mutex(State())

  func changed(_ subjects: Set<SubjectID>) {
    guard !subjects.isEmpty else { return }
    let names = Set(subjects.map(\.hex))
    for observer in state.withLock({ Array($0.observers.values) }) { observer.yield(names) }
  }

  /// A stream that ends when its consumer lets go. What is not taken in time is dropped, oldest first: it says only what
  /// to look at again.
  func stream() -> AsyncStream<Set<String>> {
    AsyncStream(bufferingPolicy: .bufferingNewest(256)) { continuation in
      let number = state.withLock { state in
        state.next += 1
        state.observers[state.next] = continuation
        return state.next
      }
      continuation.onTermination = { [self] _ in state.withLock { $0.observers[number] = nil } }
    }
  }
}
