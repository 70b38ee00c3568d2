// Where calls that block (stores, signature checks in bulk) run, so that the cooperative pool never waits for a disk.
import Dispatch

package enum BlockingPool {
  private static let queue = DispatchQueue(label: "countersign.blocking", attributes: .concurrent)

  /// Runs the work on a thread that may block.
  package static func start(_ work: @escaping @Sendable () -> Void) { queue.async(execute: work) }

  /// Runs the work on a thread that may block, and waits for it without blocking.
  package static func run<Answer: Sendable>(_ work: @escaping @Sendable () throws -> Answer) async throws -> Answer {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try work() }) }
    }
  }
}
