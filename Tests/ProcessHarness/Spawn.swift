// Starts processes and waits for their ends by the system's own calls: Foundation's Process crashed when several threads
// started processes at once.
import Foundation
import Synchronization

/// A yes or no that several owners share.
final class SharedFlag: Sendable {
  let value = Mutex(false)
}

enum Spawn {
  typealias Status = (code: Int32, wasKilled: Bool)

  /// Starts a program with these files as its standard streams; it inherits nothing else.
  static func start(
    path: String, arguments: [String], environment: [String: String], input: String, output: String, errors: String
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY, 0)
    // A number that is not open is no error here; some room above, because other threads go on opening.
    for descriptor in (STDERR_FILENO + 1)...(try highestDescriptor() + 64) {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    var settings: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in words + settings { free(pointer) } }
    var identifier: pid_t = 0
    // Safe: both lists end with nil and live until the call has returned.
    let result = posix_spawn(&identifier, path, &actions, nil, &words, &settings)
    guard result == 0 else { throw HarnessError("cannot run \(path): \(String(cString: strerror(result)))") }
    return identifier
  }

  private static func highestDescriptor() throws -> Int32 {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }.max() ?? STDERR_FILENO
  }

  /// Blocks until the process has ended. Its number is given back under the flag's lock, so that nobody signals a stranger.
  static func wait(for identifier: pid_t, reaping isReaped: SharedFlag) -> Status {
    var information = siginfo_t()
    while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) == -1 && errno == EINTR {}
    var status: Int32 = 0
    isReaped.value.withLock { isOver in
      while waitpid(identifier, &status, 0) == -1 && errno == EINTR {}
      isOver = true
    }
    let signal = status & 0x7F
    return signal == 0 ? (code: (status >> 8) & 0xFF, wasKilled: false) : (code: signal, wasKilled: true)
  }
}
