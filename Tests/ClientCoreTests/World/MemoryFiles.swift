// The files, locks and pokes of profiles, in memory: what several processes of one device share.
import Synchronization

@testable import ClientCore

final class MemoryFiles: ProfileFiles {
  private struct State {
    var files: [String: [UInt8]] = [:]
    var locked: Set<String> = []
    var listeners: [String: (number: Int, continuation: AsyncStream<Void>.Continuation)] = [:]
    var nextListener = 0
  }

  private final class Lock: ProfileLock {
    let release: @Sendable () -> Void

    init(release: @escaping @Sendable () -> Void) { self.release = release }

    func unlock() { release() }
  }

  private let state = Mutex(State())

  func makeDirectory(_ path: String) throws {}

  func exists(_ path: String) -> Bool { state.withLock { $0.files[path] != nil } }

  func read(_ path: String) throws -> [UInt8]? { state.withLock { $0.files[path] } }

  func write(_ path: String, _ bytes: [UInt8]) throws { state.withLock { $0.files[path] = bytes } }

  func remove(_ path: String) throws { state.withLock { $0.files[path] = nil } }

  /// Stores in memory are no files.
  func identity(of path: String) throws -> FileIdentity? { nil }

  func tryLock(_ path: String) throws -> (any ProfileLock)? {
    guard state.withLock({ $0.locked.insert(path).inserted }) else { return nil }
    return Lock { [self] in state.withLock { _ = $0.locked.remove(path) } }
  }

  func lock(_ path: String) throws -> any ProfileLock {
    // Held for as long as a write takes, which here is no time.
    while true { if let lock = try tryLock(path) { return lock } }
  }

  func isLocked(_ path: String) throws -> Bool { state.withLock { $0.locked.contains(path) } }

  func poke(_ path: String) -> Bool {
    guard let listener = state.withLock({ $0.listeners[path] }) else { return false }
    listener.continuation.yield()
    return true
  }

  func pokes(_ path: String) throws -> AsyncStream<Void> {
    AsyncStream { continuation in
      let number = state.withLock { state in
        state.nextListener += 1
        state.listeners[path] = (state.nextListener, continuation)
        return state.nextListener
      }
      continuation.onTermination = { [self] _ in
        state.withLock { state in if state.listeners[path]?.number == number { state.listeners[path] = nil } }
      }
    }
  }
}
