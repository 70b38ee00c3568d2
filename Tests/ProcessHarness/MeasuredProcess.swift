// Times a whole process as a person waits for it: from before the spawn until it is gone.
import Foundation

package enum MeasuredProcess {
  /// Runs a program to its end without output and answers the milliseconds that took.
  package static func milliseconds(
    path: String, arguments: [String], environment: [String: String]
  ) throws -> Double {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    var settings: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in words + settings { free(pointer) } }
    var identifier: pid_t = 0
    var status: Int32 = 0
    let start = ContinuousClock.now
    // Safe: both lists end with nil and live until the call has returned.
    guard posix_spawn(&identifier, path, &actions, nil, &words, &settings) == 0 else {
      throw HarnessError("cannot run \(path)")
    }
    while waitpid(identifier, &status, 0) == -1 && errno == EINTR {}
    let elapsed = ContinuousClock.now - start
    guard status == 0 else { throw HarnessError("\(path) \(arguments.joined(separator: " ")) ended with status \(status)") }
    return Double(elapsed.components.attoseconds) / 1e15 + Double(elapsed.components.seconds) * 1_000
  }
}
